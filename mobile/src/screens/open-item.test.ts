import { expect, test } from "vitest";
import type { RecordKind } from "../backend/backend";
import { begin, current } from "../navigation/router.svelte";
import { opener } from "./open-item";

const opens = (kind: RecordKind, household: string | null = null) =>
  opener({ kind, record: "one", household });

test.each(["delivery", "pickup", "errand", "household", "place", "tip", "appeal"] as const)(
  "a %s has a page of its own",
  (kind) => {
    begin("search");
    opens(kind)?.();
    expect(current()).toMatchObject({ name: kind, params: { record: "one" } });
  },
);

test("what stands on somebody else's page opens that", () => {
  begin("search");
  opens("consent", "its-household")?.();
  expect(current()).toMatchObject({ name: "household", params: { record: "its-household" } });
  opens("hand_in")?.();
  expect(current()?.name).toBe("cash");
});

test("what has no page is no button", () => {
  expect(opens("carrier")).toBeUndefined();
  expect(opens("camp")).toBeUndefined();
});
