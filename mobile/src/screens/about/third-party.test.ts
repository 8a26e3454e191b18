import { expect, test } from "vitest";
import { fontLicence, packagesIn, thirdParty } from "./third-party";

test("reads each package once, and no row that is none", () => {
  const list = [
    "| what | from | licence |",
    "|---|---|---|",
    "| `assets/x.tsv`: places | GeoNames | CC BY 4.0 |",
    "| name | version | licence |",
    "| svelte | 5.57.3 | MIT |",
    "| svelte | 5.57.3 | MIT |",
    "| @lucide/svelte | 1.48.0 | ISC |",
  ].join("\n");
  expect(packagesIn(list)).toEqual([
    { name: "svelte", version: "5.57.3", licence: "MIT" },
    { name: "@lucide/svelte", version: "1.48.0", licence: "ISC" },
  ]);
});

test("the list beside the code names what the app is made of", async () => {
  const names = (await thirdParty()).map(({ name }) => name);
  expect(names).toContain("automerge");
  expect(names).toContain("rusqlite");
});

test("the font's licence is there in full", async () => {
  expect(await fontLicence()).toContain("SIL OPEN FONT LICENSE Version 1.1");
});
