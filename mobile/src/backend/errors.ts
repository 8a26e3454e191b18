/** A refusal as it crosses the seam: a stable code, whose text is `error_<code>`. */
export class SaddlebagError extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = "SaddlebagError";
  }
}

/** The code of anything that was thrown. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof SaddlebagError ? thrown.code : "unexpected";
}
