import type { Opening, PlainRoute, RouteName } from "./routes";

/** A screen that was opened, with what one must find again on coming back. */
export interface Entry {
  readonly id: number;
  readonly name: RouteName;
  readonly params: object;
  /** Whether a tab opened it: on a wide window it stays beside what is opened from it. */
  readonly isRoot: boolean;
  /** How far it was scrolled; not reactive, so that scrolling redraws nothing. */
  readonly place: { scrollTop: number; heights?: number[] };
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
  history.pushState({ at: state.at }, "");
}

/**
 * Follows the browser's history; answers with how to stop. `uncover` closes what lies over the screen and says whether
 * anything did: then going back has done its work, and the screen stays.
 */
export function followHistory(uncover: () => boolean): () => void {
  const follow = (event: PopStateEvent) => {
    if (uncover()) {
      history.pushState({ at: state.at }, "");
      return;
    }
    const at = (event.state as { at?: number } | null)?.at ?? 0;
    if (at < state.entries.length) state = { entries: state.entries, at };
  };
  addEventListener("popstate", follow);
  return () => removeEventListener("popstate", follow);
}
