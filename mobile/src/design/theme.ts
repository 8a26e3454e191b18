/** A theme that a person can choose; the system's follows light and dark. */
export type Theme = "system" | "light" | "dark" | "contrast";

const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : undefined;
let chosen: Theme = "system";

function show(): void {
  const system = dark?.matches ? "dark" : "light";
  document.documentElement.dataset.theme = chosen === "system" ? system : chosen;
}

dark?.addEventListener("change", show);

/** Shows everything in a theme. */
export function setTheme(theme: Theme): void {
  chosen = theme;
  show();
}

/** Sets the size of all text: 1, 2 or 3 for 100, 115 or 130 %. */
export function setTextSize(size: number): void {
  document.documentElement.dataset.textSize = String(size);
}
