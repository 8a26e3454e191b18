import type { Attachment } from "svelte/attachments";

type Told = (height: number) => void;

const waiting = new WeakMap<Element, Told>();
let observer: ResizeObserver | undefined;

function shared(): ResizeObserver {
  return (observer ??= new ResizeObserver((entries) => {
    for (const { target } of entries) waiting.get(target)?.((target as HTMLElement).offsetHeight);
  }));
}

/**
 * Tells how high an element is, in pixels, as soon as it is laid out and whenever that changes: once it is gone, it is
 * too late to ask. Nothing is told where nothing can tell.
 */
export function height(told: Told): Attachment {
  return (element) => {
    if (typeof ResizeObserver === "undefined") return;
    waiting.set(element, told);
    shared().observe(element);
    return () => {
      waiting.delete(element);
      shared().unobserve(element);
    };
  };
}
