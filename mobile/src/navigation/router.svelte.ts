import type { Opening, PlainRoute, RouteName } from "./routes";

/** A screen that was opened, with what one must find again on coming back. */
export interface Entry {
  readonly id: number;
  readonly name: RouteName;
  readonly params: object;
  /** Whether a tab opened it: on a wide window it stays beside what is opened from it. */
  readonly isRoot: boolean;
  /** What is found again on it; not reactive, so that scrolling redraws nothing. */
  readonly place: { scrollTop: number; heights?: number[]; typed?: unknown };
}

let nextId = 0;

function entry(name: RouteName, params: object, isRoot: boolean): Entry {
  return { id: nextId++, name, params, isRoot, place: { scrollTop: 0 } };
}

/**
 * The screens that were opened and that the browser's history still holds. Each is an entry of that history, so that
 * the phone's back button, a key and a swipe all do what the arrow at the top does.
 */
let state = $state.raw<{ entries: readonly Entry[]; at: number }>({ entries: [], at: 0 });

/** A screen that stands before all others and is none of the history's. */
export function alone(name: PlainRoute): Entry {
  return entry(name, {}, true);
}

/** The screen that is shown. */
export function current(): Entry | undefined {
  return state.entries[state.at];
}

/** The screen that a tab opened and from which one came to the current one. */
export function root(): Entry | undefined {
  return state.entries.slice(0, state.at + 1).findLast((opened) => opened.isRoot);
}

/** Whether the arrow at the top leads somewhere. */
export function canGoBack(): boolean {
  return state.at > 0 && !current()?.isRoot;
}

/** Opens the first screen of all; nothing lies before it. */
export function begin(name: PlainRoute): void {
  state = { entries: [entry(name, {}, true)], at: 0 };
  history.replaceState({ at: 0 }, "");
}

/** Opens a screen. */
export function go<Name extends RouteName>(name: Name, ...opening: Opening<Name>): void {
  push(entry(name, opening[0] ?? {}, false));
}

/** Opens a screen in place of the current one: what was done there cannot be gone back to. */
export function replace<Name extends RouteName>(name: Name, ...opening: Opening<Name>): void {
  const isRoot = current()?.isRoot ?? true;
  state = {
    entries: [...state.entries.slice(0, state.at), entry(name, opening[0] ?? {}, isRoot)],
    at: state.at,
  };
}

/** Opens a tab's screen. */
export function openTab(name: PlainRoute): void {
  if (current()?.name === name) return;
  push(entry(name, {}, true));
}

/** Goes back to the screen before; out of the app where there is none. */
export function back(): void {
  history.back();
}

function push(opened: Entry): void {
  const entries = [...state.entries.slice(0, state.at + 1), opened];
  state = { entries, at: entries.length - 1 };
  if (isAside) history.replaceState({ at: state.at }, "");
  else history.pushState({ at: state.at }, "");
  isAside = false;
}

/**
 * Whether history stands on an entry beside that of the first screen. Nothing of the app lies before the first: without
 * one more entry, going back would leave the app instead of closing what lies over the screen.
 */
let isAside = false;

function stepAside(): void {
  if (state.at > 0 || isAside) return;
  isAside = true;
  history.pushState({ at: state.at }, "");
}

/** What lies over the screen, such as a sheet. */
export interface Covers {
  /** Closes what lies on top; false where nothing does. */
  uncover(): boolean;
  isCovered(): boolean;
  /** Whether the lock hides that and the screens: then going back leads nowhere. */
  areCoversHidden(): boolean;
  /** Tells whenever something is laid over the screen; answers with how to stop. */
  whenCovered(tell: () => void): () => void;
}

/**
 * Follows the browser's history; answers with how to stop. Where something lies over the screen, closing that is all
 * that going back does, and the screen stays.
 */
export function followHistory({ uncover, isCovered, areCoversHidden, whenCovered }: Covers): () => void {
  const follow = (event: PopStateEvent) => {
    if (areCoversHidden()) {
      history.pushState({ at: state.at }, "");
      return;
    }
    const wasAside = isAside;
    isAside = false;
    if (uncover()) {
      if (state.at > 0) history.pushState({ at: state.at }, "");
      else if (isCovered()) stepAside();
    } else if (wasAside) {
      // What lay over the first screen was closed otherwise before: this is for leaving.
      back();
    } else {
      const at = (event.state as { at?: number } | null)?.at ?? 0;
      if (at < state.entries.length) state = { entries: state.entries, at };
    }
  };
  const stop = whenCovered(stepAside);
  if (isCovered()) stepAside();
  addEventListener("popstate", follow);
  return () => {
    stop();
    removeEventListener("popstate", follow);
  };
}
