import { onDestroy } from "svelte";
import { frame } from "../components/frame";

/**
 * Keeps what is typed into a screen for whoever leaves it, by a tab or by a scan, and comes back to it: `read` says what
 * that is, if anything, and `restore` puts it back. To be called while the screen is set up, once; answers with how to
 * forget it, after it was saved. A screen that is opened anew begins empty.
 */
export function keepTyped<T>(read: () => T | undefined, restore: (typed: T) => void): () => void {
  const { place } = frame();
  let isSaved = false;
  if (place.typed !== undefined) restore(place.typed as T);
  onDestroy(() => (place.typed = isSaved ? undefined : read()));
  return () => (isSaved = true);
}
