import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../src/design/tokens.css"), "utf8");

/** The colours of a theme by name, as they stand in the token file. */
function coloursOf(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name ?? "", hex ?? ""]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["ground", "surface", "sunken"];

/** Which ink stands on which ground somewhere in the app. */
const PAIRS: [ink: string, ground: string][] = [
  ...["ink", "ink-quiet", "accent", "bad", "good"].flatMap((ink) =>
    GROUNDS.map((on): [string, string] => [ink, on]),
  ),
  ["on-accent", "accent"],
  ["on-accent", "accent-pressed"],
  ["on-accent-soft", "accent-soft"],
  ["ink", "accent-soft"],
  ["ink-quiet", "accent-soft"],
  ["accent", "accent-soft"],
  ...["good", "warn", "bad", "cold"].flatMap((look): [string, string][] => [
    [look, `${look}-soft`],
    ["ink", `${look}-soft`],
  ]),
  ["accent", "good-soft"],
];

/** What shows where a control ends, and where the focus is: WCAG asks for 3:1. */
const EDGES: [string, string][] = ["line-strong", "focus", "accent"].flatMap((edge) =>
  GROUNDS.map((on): [string, string] => [edge, on]),
);

describe.each([
  ["light", 4.5],
  ["dark", 4.5],
  ["contrast", 7],
])("%s", (theme, least) => {
  const colours = coloursOf(theme);
  const between = ([ink, ground]: [string, string]) =>
    ratio(colours.get(ink) ?? "", colours.get(ground) ?? "");

  test.each(PAIRS)(`%s on %s can be read at ${least}:1`, (ink, ground) => {
    expect(between([ink, ground])).toBeGreaterThanOrEqual(least);
  });

  test.each(EDGES)("%s on %s is seen at 3:1", (edge, ground) => {
    expect(between([edge, ground])).toBeGreaterThanOrEqual(3);
  });
});
