import type { Component } from "svelte";
import type { RouteName, Routes } from "../navigation/routes";

type Load<Name extends RouteName> = () => Promise<{ default: Component<Routes[Name]> }>;

/** Where each screen is. Each is loaded when it is first opened, or once the app has nothing else to do. */
export const SCREENS: { readonly [Name in RouteName]?: Load<Name> } = {
  more: () => import("./more/More.svelte"),
  whom_to_ask: () => import("./whom-to-ask/WhomToAsk.svelte"),
};

const loaded = new Map<RouteName, Component<object>>();

/** A screen that is loaded already, so that it is there in the same frame. */
export function screenNow(name: RouteName): Component<object> | undefined {
  return loaded.get(name);
}

/** Loads a screen. */
export async function loadScreen(name: RouteName): Promise<Component<object>> {
  const load = SCREENS[name] as Load<RouteName> | undefined;
  if (!load) throw new Error(`there is no screen ${name}`);
  const screen = (await load()).default as Component<object>;
  loaded.set(name, screen);
  return screen;
}

/** Loads what is not there yet, one after the other, while nobody waits for anything. */
export async function loadTheRest(): Promise<void> {
  for (const name of Object.keys(SCREENS) as RouteName[]) {
    if (!loaded.has(name)) await loadScreen(name);
  }
}
