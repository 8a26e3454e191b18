/** What lies over the screen, the topmost last. */
const covers: (() => void)[] = [];

/** Who is told when something is laid over the screen. */
const told = new Set<() => void>();

/** Something lies over the screen that going back closes; answers with how to say that it is gone. */
export function cover(close: () => void): () => void {
  covers.push(close);
  for (const tell of told) tell();
  return () => {
    const at = covers.lastIndexOf(close);
    if (at >= 0) covers.splice(at, 1);
  };
}

/** Closes what lies on top; false where nothing does. */
export function uncover(): boolean {
  const close = covers.pop();
  close?.();
  return close !== undefined;
}

/** Closes all that lies over the screen. */
export function uncoverAll(): void {
  while (uncover());
}

/** Whether anything lies over the screen. */
export function isCovered(): boolean {
  return covers.length > 0;
}

/** Tells whenever something is laid over the screen; answers with how to stop. */
export function whenCovered(tell: () => void): () => void {
  told.add(tell);
  return () => told.delete(tell);
}
