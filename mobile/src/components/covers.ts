/** What lies over the screen, the topmost last. */
const covers: (() => void)[] = [];

/** Something lies over the screen that going back closes; answers with how to say that it is gone. */
export function cover(close: () => void): () => void {
  covers.push(close);
  return () => {
    const at = covers.lastIndexOf(close);
    if (at >= 0) covers.splice(at, 1);
  };
}

/** Closes what lies on top; false where nothing does. */
export function uncover(): boolean {
  const close = covers.at(-1);
  close?.();
  return close !== undefined;
}
