import type { EnrolmentText } from "../../backend/backend";
import { CODE_LENGTH, codeCharacters, codeGrouped, serverAddress } from "./enrolment-code";

/** Which county somebody wants to enrol in, and with which code, as far as they have typed it. */
export class Wanted {
  address = $state("");
  #code = $state("");
  #county = $state<string | null>(null);

  /** The code as it is printed, whatever way it is typed. */
  get code(): string {
    return this.#code;
  }

  set code(typed: string) {
    this.#code = codeGrouped(typed);
    // Which county a code is of is known of one that was read, and not of one that was typed.
    this.#county = null;
  }

  /** Takes over what a picture said. */
  take(read: EnrolmentText): void {
    this.address = read.address;
    this.code = read.code;
    this.#county = read.county;
  }

  /** The address as a URL; empty where there is none. */
  get server(): string {
    return serverAddress(this.address);
  }

  /** How many characters the code lacks; negative where it has too many. */
  get missing(): number {
    return CODE_LENGTH - codeCharacters(this.#code).length;
  }

  get county(): string | null {
    return this.#county;
  }

  get isWhole(): boolean {
    return this.server !== "" && this.missing === 0;
  }
}
