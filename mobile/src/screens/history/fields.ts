import type { FactLine, Named } from "../../backend/backend";
import { codeText } from "../../texts/codes";

/** A field of a fact as it crossed the seam. */
export function fieldOf(line: FactLine, name: string): unknown {
  return line.fields[name];
}

/** A text that is written in a fact. */
export function textOf(line: FactLine, name: string): string | undefined {
  const value = fieldOf(line, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number that is written in a fact, in the unit of its field. */
export function numberOf(line: FactLine, name: string): number | undefined {
  const value = fieldOf(line, name);
  return typeof value === "number" ? value : undefined;
}

/** An entry of a code list that is written in a fact, in words. */
export function codeOf(line: FactLine, name: string): string | undefined {
  const value = fieldOf(line, name);
  return isNamed(value) ? codeText(value.list, value.name, value.code) : undefined;
}

/** The name of an entry of a code list that is written in a fact. */
export function codeNameOf(line: FactLine, name: string): string | undefined {
  const value = fieldOf(line, name);
  return isNamed(value) ? (value.name ?? undefined) : undefined;
}

function isNamed(value: unknown): value is Named {
  return typeof value === "object" && value !== null && "list" in value && "code" in value;
}
