// Prints what the built front end weighs in brotli: what the first load in Chinese takes, and all of it.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const COMPRESSED = new Set([".woff2", ".png"]);

function weight(file) {
  const bytes = readFileSync(join(dist, file));
  return COMPRESSED.has(extname(file)) ? bytes.length : brotliCompressSync(bytes).length;
}

/** What a file needs before it can run: the modules that it imports itself, not those that it may load later. */
function needs(file) {
  const text = readFileSync(join(dist, file), "utf8");
  const found =
    extname(file) === ".html"
      ? text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)
      : text.matchAll(/(?:^|[;}\s])(?:import|from)\s*"\.\/([^"]+\.js)"/g);
  return [...found].map(([, name]) => (extname(file) === ".html" ? name : `assets/${name}`));
}

const first = new Set(["index.html"]);
for (const file of first) {
  if ([".html", ".js"].includes(extname(file))) needs(file).forEach((name) => first.add(name));
}

const all = readdirSync(dist, { recursive: true }).filter((name) => statSync(join(dist, name)).isFile());
const sum = (files) => [...files].reduce((total, file) => total + weight(file), 0);
const isLanguage = (file) => /\/(kk-Arab|en|arabic|noto-)[^/]*$/.test(file);

console.log(
  JSON.stringify({
    first_load: sum(first),
    all_screens: sum(all.filter((file) => !isLanguage(file))),
    other_languages: sum(all.filter(isLanguage)),
  }),
);
