import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** A file of the front end. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** All files that are written by hand and come into the app: no tests, no samples, nothing generated but the codes. */
export function sources(...endings: string[]): Source[] {
  return readdirSync(join(ROOT, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .filter((name) => !/\.test\.ts$|\/generated\/|\/fake\/|\/gallery\//.test(name))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(ROOT, name), "utf8") }));
}

/** The texts of a language. */
export function textsOf(language: string): Record<string, string> {
  const file = join(ROOT, "../assets/i18n", `${language}.json`);
  const texts = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  delete texts["$schema"];
  return texts;
}
