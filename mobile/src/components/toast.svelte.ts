/** What was just done, until the next act. */
export interface Told {
  readonly text: string;
  /** Takes it back; there is none where it cannot be taken back. */
  readonly undo: (() => void) | undefined;
  /** Whether it tells of something that went wrong. */
  readonly isTrouble: boolean;
}

let told = $state.raw<Told>();

/** What is said at the moment. */
export function toast(): Told | undefined {
  return told;
}

/** Says what was done, and offers to take it back until the next act. */
export function tell(text: string, undo?: () => void): void {
  told = { text, undo, isTrouble: false };
}

/** Says what went wrong where there is no screen any more to say it on. */
export function tellTrouble(text: string): void {
  told = { text, undo: undefined, isTrouble: true };
}

/** The next act has begun: what was done before can now only be corrected. */
export function hush(): void {
  told = undefined;
}
