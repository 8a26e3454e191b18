import type { FactLine, FieldValue, RecordPage } from "../../backend/backend";

/** What is done with a pickup, in the order that the law and the road want. */
export const DUTIES = [
  "identity_checked",
  "contents_inspected",
  "weighed",
  "packed",
  "quarantine_certificate_seen",
  "collected",
  "screened",
  "handed_to_carrier",
  "arrived",
  "subsidy_claimed",
  "paid_out",
] as const;

/** The name of a pickup's fact that is a step on its way. */
export type Duty = (typeof DUTIES)[number];

/** A step, and the fact that says it was taken. */
export interface DutyLine {
  readonly duty: Duty;
  readonly done: FactLine | null;
  /** Whether the law wants it; what is not wanted may be passed over. */
  readonly isWanted: boolean;
  /** Whether it was passed over though the law wants it. */
  readonly isMissing: boolean;
}

/** What somebody must know of the goods to know what their pickup needs. */
export interface GoodsRules {
  readonly coldChain: boolean;
  readonly quarantine: boolean;
}

/** Steps after which those before them are late. */
const MILESTONES: readonly Duty[] = ["collected", "handed_to_carrier", "arrived"];

const WANTED: ReadonlySet<Duty> = new Set([
  "identity_checked",
  "contents_inspected",
  "weighed",
  "screened",
  ...MILESTONES,
]);

/** The last fact of a kind that nobody voided. */
export function lastOf(page: Pick<RecordPage, "facts">, kind: string): FactLine | null {
  return page.facts.findLast((fact) => fact.kind === `pickup.${kind}` && !fact.is_voided) ?? null;
}

/** The steps of a pickup with what was done of them. */
export function dutiesOf(page: RecordPage, goods: GoodsRules): DutyLine[] {
  const done = new Map(DUTIES.map((duty) => [duty, lastOf(page, duty)]));
  const furthest = Math.max(...MILESTONES.map((duty) => (done.get(duty) ? DUTIES.indexOf(duty) : -1)));
  return DUTIES.filter((duty) => isOffered(duty, page, goods)).map((duty) => {
    const isWanted = WANTED.has(duty) || (duty === "quarantine_certificate_seen" && goods.quarantine);
    const fact = done.get(duty) ?? null;
    return { duty, done: fact, isWanted, isMissing: isWanted && !fact && DUTIES.indexOf(duty) < furthest };
  });
}

function isOffered(duty: Duty, page: RecordPage, goods: GoodsRules): boolean {
  switch (duty) {
    case "quarantine_certificate_seen":
      return goods.quarantine || lastOf(page, duty) !== null;
    case "subsidy_claimed":
      return page.plan?.fields["subsidy_programme"] !== undefined || lastOf(page, duty) !== null;
    case "paid_out":
      return lastOf(page, "subsidy_granted") !== null || lastOf(page, duty) !== null;
    default:
      return true;
  }
}

/** The step that comes next: what follows the furthest milestone first, then what was passed over. */
export function nextDuty(lines: readonly DutyLine[]): Duty | null {
  const furthest = lines.findLastIndex((line) => line.done && MILESTONES.includes(line.duty));
  const ahead = lines.slice(furthest + 1).find((line) => !line.done);
  return (ahead ?? lines.find((line) => line.isMissing))?.duty ?? null;
}

/** Whether nothing more happens on its way: it was refused, spoiled or cancelled. */
export function isStopped(page: RecordPage): boolean {
  return ["prohibited_refused", "spoiled", "cancelled"].includes(stateOf(page));
}

/** The name of a record's state. */
export function stateOf(page: RecordPage): string {
  return "state" in page.status ? String(page.status.state) : "";
}

/** A fact's field where it is a number. */
export function numberIn(fact: FactLine | null, field: string): number | null {
  const value: FieldValue | undefined = fact?.fields[field];
  return typeof value === "number" ? value : null;
}

/** Whether a reading lies within the limits of the plan. */
export function isWithin(tenths: number, limits: { least: number | null; most: number | null }): boolean {
  return (limits.least === null || tenths >= limits.least) && (limits.most === null || tenths <= limits.most);
}
