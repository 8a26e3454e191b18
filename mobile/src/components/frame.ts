import { createContext } from "svelte";

/** What one must find again on coming back to a screen; not reactive, so that scrolling redraws nothing. */
export interface Place {
  /** How far it was scrolled. */
  scrollTop: number;
  /** How high the groups of a long list were, so that one comes back to the same row. */
  heights?: number[];
  /** What was typed into it and not saved. */
  typed?: unknown;
}

/** What holds a screen: the app's frame, a pane of it, or the gallery. */
export interface Frame {
  /** Whether the arrow at the top leads somewhere. */
  readonly canGoBack: boolean;
  back(): void;
  /** Where the screen was scrolled to when it was left, and where it is now, with what was typed into it. */
  readonly place: Place;
  /** Whether it stands beside the screen that is the page: then its title is no page's heading. */
  readonly isBeside: boolean;
  /** Whether the screen was just opened or come back to, so that its heading takes the focus. */
  readonly takesFocus: boolean;
  /** Whether what was just done is said on it: on the page alone, and on none that stands before the app. */
  readonly tells: boolean;
}

export const [frame, setFrame] = createContext<Frame>();
