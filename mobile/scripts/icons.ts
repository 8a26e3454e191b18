import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";

/** A shape of an icon: its element and what stands in it. */
type Shape = readonly [element: string, attributes: Readonly<Record<string, string>>];

const ICON = /\/@lucide\/svelte\/dist\/icons\/[^/]+\.svelte$/;
const DATA = /const iconData = (\{.*\});/;

/** The icon as a component of plain markup. */
function component(shapes: readonly Shape[]): string {
  const drawn = shapes.map(([element, attributes]) => {
    const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
    return `<${element} ${written.join(" ")} />`;
  });
  return `<script>
  const { size = 24, strokeWidth = 2, class: classes, "aria-hidden": hidden = "true" } = $props();
</script>
<svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 24 24" fill="none"
  stroke="currentColor" stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round"
  class={classes} aria-hidden={hidden}>${drawn.join("")}</svg>`;
}

/**
 * The library's icons, written out. Its own components set each attribute of each shape one by one at run time, which
 * was a third of all that drawing Today took.
 */
export function plainIcons(): Plugin {
  return {
    name: "plain-icons",
    enforce: "pre",
    async load(id) {
      if (!ICON.test(id)) return null;
      const data = DATA.exec(await readFile(id, "utf8"))?.[1];
      if (data === undefined) throw new Error(`${id} is not written as icons were`);
      return component((JSON.parse(data) as { node: readonly Shape[] }).node);
    },
  };
}
