// A fact: one immutable CBOR map in canonical form; (author, n) is its name for good.
import { blake3 } from '@noble/hashes/blake3.js';
import { decodeCanonical, encode, present } from './cbor.mjs';

const MAX_BYTES = 8192;
const MAX_DEPTH = 8;
const FIELDS = ['author', 'n', 'record', 'kind', 'version', 'after', 'stamp', 'observed', 'was', 'body'];

/** Fields as on the wire; `after`, `observed`, `was` and `body` may be undefined or empty. */
export function encodeFact(fact) {
  const empty = (value) => value === undefined || value.length === 0 || value.size === 0;
  const bytes = encode(
    present(FIELDS.map((field, index) => [index + 1, empty(fact[field]) ? undefined : fact[field]])),
  );
  checkFact(bytes, fact);
  return bytes;
}

export function decodeFact(bytes) {
  const map = decodeCanonical(bytes);
  if (!(map instanceof Map)) throw new Error('a fact is a map');
  const fact = {};
  for (const [key, value] of map) {
    const field = FIELDS[key - 1];
    if (!field) throw new Error(`a fact has no key ${key}`);
    fact[field] = value;
  }
  checkFact(bytes, fact);
  return fact;
}

export const factHash = (bytes) => blake3(bytes);
export const factName = (author, n) => `${author}/${n}`;

/** A reference is [author, n]; ascending by author, then n. */
export function compareNames([authorA, nA], [authorB, nB]) {
  if (authorA !== authorB) return authorA < authorB ? -1 : 1;
  return nA < nB ? -1 : Number(nA > nB);
}

function checkFact(bytes, fact) {
  const wrong = (what) => {
    throw new Error(`not a fact: ${what}`);
  };
  if (bytes.length > MAX_BYTES) wrong('too long');
  if (!isUint(fact.author)) wrong('author');
  if (!isUint(fact.n) || fact.n < 1) wrong('n');
  if (fact.record?.length !== 16) wrong('record');
  if (!isUint(fact.kind) || fact.kind > 0xffff) wrong('kind');
  if (!isUint(fact.version) || fact.version < 1 || fact.version > 255) wrong('version');
  const after = fact.after ?? [];
  if (after.length > 16) wrong('after');
  if (after.some((name, i) => i > 0 && compareNames(after[i - 1], name) >= 0)) wrong('after is not ascending');
  const [ms, count, source] = fact.stamp ?? wrong('stamp');
  if (!isInt(ms) || !isUint(count) || !isUint(source) || source > 3) wrong('stamp');
  if (depth(fact.body) >= MAX_DEPTH) wrong('nested too deep');
}

const isInt = (value) => typeof value === 'bigint' || Number.isSafeInteger(value);
const isUint = (value) => isInt(value) && value >= 0;

function depth(value) {
  if (value instanceof Map) return 1 + Math.max(0, ...[...value.values()].map(depth));
  if (Array.isArray(value)) return 1 + Math.max(0, ...value.map(depth));
  return 0;
}
