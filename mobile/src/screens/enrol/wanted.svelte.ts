import { backend, type EnrolmentText } from "../../backend/backend";
import { CODE_LENGTH, codeCharacters, codeGrouped, serverAddress } from "./enrolment-code";

/** Which county somebody wants to enrol in, and with which code, as far as they have typed it. */
export class Wanted {
  #address = $state("");
  #code = $state("");
  #county = $state<string | null>(null);
  #serverKey = $state<string | null>(null);

  /** The server's address, or the whole text of a QR code that somebody pasted. */
  get address(): string {
    return this.#address;
  }

  set address(typed: string) {
    this.#address = typed;
    // Which key a server must show is known of the one that was read, and of no other.
    this.#serverKey = null;
  }

  /** The code as it is printed, whatever way it is typed. */
  get code(): string {
    return this.#code;
  }

  set code(typed: string) {
    this.#code = codeGrouped(typed);
    // Which county a code is of is known of one that was read, and not of one that was typed.
    this.#county = null;
  }

  /** Takes over the text of a QR code that was pasted in the place of the address. */
  async takePasted(): Promise<void> {
    if (!/^\s*saddlebag:/i.test(this.address)) return;
    const read = await backend().readEnrolment(this.address);
    if (read) this.take(read);
  }

  /** Takes over what a picture said. */
  take(read: EnrolmentText): void {
    this.address = read.address;
    this.code = read.code;
    this.#county = read.county;
    this.#serverKey = read.server_key;
  }

  /** The address as a URL; empty where there is none. */
  get server(): string {
    return serverAddress(this.address);
  }

  /** How many characters the code lacks; negative where it has too many. */
  get missing(): number {
    return CODE_LENGTH - codeCharacters(this.#code).length;
  }

  /** What is to be asked for. */
  get said(): EnrolmentText {
    return { address: this.server, code: this.code, county: this.#county, server_key: this.#serverKey };
  }

  get isWhole(): boolean {
    return this.server !== "" && this.missing === 0;
  }
}
