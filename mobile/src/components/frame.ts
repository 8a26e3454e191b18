import { createContext } from "svelte";

/** What holds a screen: the app's frame, a pane of it, or the gallery. */
export interface Frame {
  /** Whether the arrow at the top leads somewhere. */
  readonly canGoBack: boolean;
  back(): void;
  /** Where the screen was scrolled to when it was left, and where it is now. */
  readonly place: { scrollTop: number };
  /** Whether the screen was just opened or come back to, so that its heading takes the focus. */
  readonly takesFocus: boolean;
}

export const [frame, setFrame] = createContext<Frame>();
