import { CODES } from "../../backend/codes.gen";

/** A name in the code list of what a delivery asks for. */
export type Flag = (typeof CODES)["delivery_flag"][number]["name"];

/** Whether a delivery's flags, bits that are added together, hold this one. */
export function hasFlag(flags: number, name: Flag): boolean {
  const flag = CODES.delivery_flag.find((entry) => entry.name === name);
  return flag !== undefined && (flags & flag.code) !== 0;
}

/** The names of a delivery's flags. */
export function flagsIn(flags: number): Flag[] {
  return CODES.delivery_flag.filter((entry) => (flags & entry.code) !== 0).map((entry) => entry.name);
}
