import { describe, expect, test } from "vitest";
import type { Status } from "../../backend/backend";
import { factsOf, samplePickup } from "../../backend/fake/pickup";
import { dutiesOf, isStopped, isWithin, nextDuty } from "./duties";

const MEAT = { coldChain: true, quarantine: true };
const PAPERS = { coldChain: false, quarantine: false };

function withFacts(...kinds: string[]) {
  return samplePickup({ facts: factsOf("pickup", ...kinds.map((kind): [string] => [kind])) });
}

function next(goods: typeof MEAT, ...kinds: string[]) {
  return nextDuty(dutiesOf(withFacts(...kinds), goods));
}

describe("what comes next", () => {
  test("begins with the sender's identity, then the contents", () => {
    expect(next(MEAT)).toBe("identity_checked");
    expect(next(MEAT, "identity_checked")).toBe("contents_inspected");
  });

  test("asks for an animal product's certificate before it is collected", () => {
    const ready = ["identity_checked", "contents_inspected", "weighed", "packed"];
    expect(next(MEAT, ...ready)).toBe("quarantine_certificate_seen");
    expect(next(PAPERS, ...ready)).toBe("collected");
  });

  test("goes on from what was done last, and names afterwards what was passed over", () => {
    expect(next(PAPERS, "collected")).toBe("screened");
    const sent = [
      "identity_checked",
      "contents_inspected",
      "collected",
      "screened",
      "handed_to_carrier",
      "arrived",
    ];
    expect(next(PAPERS, ...sent)).toBe("subsidy_claimed");
    expect(next(PAPERS, ...sent, "subsidy_claimed")).toBe("weighed");
  });

  test("is nothing once all is done", () => {
    const all = [
      "identity_checked",
      "contents_inspected",
      "weighed",
      "packed",
      "collected",
      "screened",
      "handed_to_carrier",
      "arrived",
      "subsidy_claimed",
    ];
    expect(next(PAPERS, ...all)).toBeNull();
    expect(next(PAPERS, ...all, "subsidy_granted")).toBe("paid_out");
  });

  test("passes over what was voided", () => {
    const page = withFacts("identity_checked");
    const voided = page.facts.map((fact) => ({ ...fact, is_voided: true }));
    expect(nextDuty(dutiesOf({ ...page, facts: voided }, PAPERS))).toBe("identity_checked");
  });
});

test("what the law wants and was passed over is missing, what it does not want is not", () => {
  const lines = dutiesOf(withFacts("identity_checked", "collected"), MEAT);
  expect(lines.filter((line) => line.isMissing).map((line) => line.duty)).toEqual([
    "contents_inspected",
    "weighed",
    "quarantine_certificate_seen",
  ]);
});

test("nothing more is to be done with what was refused", () => {
  const page = samplePickup();
  expect(isStopped(page)).toBe(false);
  const refused = { ...page.status, state: "prohibited_refused" } as Status;
  expect(isStopped({ ...page, status: refused })).toBe(true);
});

test("a reading at the limit is within it", () => {
  expect(isWithin(-180, { least: null, most: -180 })).toBe(true);
  expect(isWithin(-179, { least: null, most: -180 })).toBe(false);
  expect(isWithin(-1, { least: 0, most: 40 })).toBe(false);
});
