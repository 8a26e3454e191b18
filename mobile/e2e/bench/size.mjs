// What the front end weighs, by what a phone reads from the package: brotli, quality 11.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { repository } from '../paths.mjs';

const DIST = join(repository, 'mobile/dist');

function brotli(path) {
  const bytes = readFileSync(join(DIST, path));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}

/** The files below the built front end. */
const files = () =>
  readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(DIST.length + 1));

/** Bytes of these paths, as they are asked for by a page. */
export const weigh = (paths) => paths.reduce((all, path) => all + brotli(path), 0);

/** What a first load asked for, by the page's own list of what it read. */
export async function firstLoad(app) {
  const read = await app.session.run(() => performance.getEntriesByType('resource').map(({ name }) => name));
  const paths = read.map((name) => decodeURI(new URL(name).pathname.slice(1)));
  return ['index.html', ...new Set(paths)].filter((path) => files().includes(path));
}

/** Code, styles and texts of every screen in one language. */
export function everything(isOtherLanguage) {
  return files().filter((path) => /\.(html|js|css)$/.test(path) && !isOtherLanguage(path));
}
