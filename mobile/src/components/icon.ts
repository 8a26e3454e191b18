import type { Component } from "svelte";

/** An icon of the one set that the app uses. */
export type Icon = Component<{ size?: number | string; class?: string; "aria-hidden"?: "true" }>;
