import { afterEach, expect, test, vi } from "vitest";
import { install } from "../backend/backend";
import { SaddlebagError } from "../backend/errors";
import { fakeBackend } from "../backend/fake/fake";
import { hush, toast } from "../components/toast.svelte";
import { tellUndoable } from "./undoable";

afterEach(hush);

test("what was recorded is taken back by its facts", async () => {
  const undone = vi.fn();
  const taken: unknown[] = [];
  install(
    fakeBackend({
      undo: (facts) => {
        taken.push(facts);
        return Promise.resolve(facts);
      },
    }),
  );
  tellUndoable("样例", ["sample-fact"], undone);

  toast()?.undo?.();

  await expect.poll(() => undone.mock.calls.length).toBe(1);
  expect(taken).toEqual([["sample-fact"]]);
});

test("what cannot be taken back says so", async () => {
  const undone = vi.fn();
  install(fakeBackend({ undo: () => Promise.reject(new SaddlebagError("sample_code")) }));
  tellUndoable("样例", ["sample-fact"], undone);

  toast()?.undo?.();

  await expect.poll(() => toast()?.isTrouble).toBe(true);
  expect(toast()?.text).toContain("sample_code");
  expect(undone).not.toHaveBeenCalled();
});
