import type { Attachment } from "svelte/attachments";

/** How far outside of what is seen something counts as near: more than a fling covers before it is drawn. */
const MARGIN = "600px 0px";

type Told = (isNear: boolean) => void;

const waiting = new WeakMap<Element, Told>();
const observers = new WeakMap<Element, IntersectionObserver>();

/** One for each region that scrolls: a margin round the window would be clipped by the region. */
function observerIn(region: Element): IntersectionObserver {
  const known = observers.get(region);
  if (known) return known;
  const made = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) waiting.get(target)?.(isIntersecting);
    },
    { root: region, rootMargin: MARGIN },
  );
  observers.set(region, made);
  return made;
}

/** Tells whether an element is near what is seen of the region that scrolls it. Where nothing can tell, it is near. */
export function nearby(told: Told): Attachment {
  return (element) => {
    const region = element.closest("[data-scrolls]");
    if (!region || typeof IntersectionObserver === "undefined") {
      told(true);
      return;
    }
    const observer = observerIn(region);
    waiting.set(element, told);
    observer.observe(element);
    return () => {
      waiting.delete(element);
      observer.unobserve(element);
    };
  };
}
