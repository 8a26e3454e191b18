/** What lies over the screen, the topmost last. */
const covers: (() => void)[] = [];

/** Who is told when something is laid over the screen. */
// Not reactive: nothing is drawn from it.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const told = new Set<() => void>();

/** Whether the lock stands before it all. */
let isHidden = $state(false);

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
  if (isHidden) return false;
  const close = covers.pop();
  close?.();
  return close !== undefined;
}

/** Hides all that lies over the screen, as it is and with all that was typed, or shows it again. */
export function hideCovers(hidden: boolean): void {
  isHidden = hidden;
}

/** Whether what lies over the screen is hidden: then it takes no touch, no key and no focus. */
export function areCoversHidden(): boolean {
  return isHidden;
}

/** Whether anything is seen to lie over the screen. */
export function isCovered(): boolean {
  return !isHidden && covers.length > 0;
}

/** Tells whenever something is laid over the screen; answers with how to stop. */
export function whenCovered(tell: () => void): () => void {
  told.add(tell);
  return () => told.delete(tell);
}
