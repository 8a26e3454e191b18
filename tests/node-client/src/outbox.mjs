// What is to be sent, as values: from the state to one request.
import { randomBytes } from 'node:crypto';
import { blake3 } from '@noble/hashes/blake3.js';
import { encodeSyncRequest, signPush } from './messages.mjs';
import { packChanges } from './pack-changes.mjs';
import { packFacts } from './pack-facts.mjs';
import { compress } from './zstd.mjs';

export const SMALLEST_BUDGET = 2_048;
export const LARGEST_BUDGET = 65_536;

/** A push that fits the budget, kept in the state until it is answered, and the request around it. */
export function nextRequest(state, identity, rest) {
  const again = state.pending && request(state, identity, state.pending, rest);
  if (again && again.length <= state.budget) return again;
  const facts = factsToSend(state, identity.device);
  const changes = Object.keys(state.changes).filter((hash) => state.changes[hash].state === 'unsent');
  let count = facts.length + changes.length;
  for (;;) {
    state.pending = count
      ? newPush(state, identity, facts.slice(0, count), changes.slice(0, Math.max(0, count - facts.length)))
      : null;
    const bytes = request(state, identity, state.pending, rest);
    if (bytes.length <= state.budget || count <= 1) return bytes;
    count = Math.ceil(count / 2);
  }
}

/** Names of facts: each author's in the order of n, without gaps from the first that is not confirmed. */
function factsToSend(state, device) {
  const own = Object.entries(state.facts).filter(([, fact]) => fact.own);
  const authors = new Set([device, ...own.map(([, fact]) => fact.author)]);
  return [...authors].flatMap((author) => {
    const facts = own.filter(([, fact]) => fact.author === author).sort(([, a], [, b]) => Number(a.n) - Number(b.n));
    const first = facts.findIndex(([, fact]) => fact.state === 'unsent');
    return first < 0
      ? []
      : facts
          .slice(first)
          .filter(([, fact]) => fact.state !== 'refused')
          .map(([name]) => name);
  });
}

function newPush(state, { device }, facts, changes) {
  const firstOwn = facts.map((name) => state.facts[name]).find(({ author }) => author === device);
  return {
    names: facts,
    hashes: changes,
    nonce: new Uint8Array(randomBytes(8)),
    facts: facts.length ? packFacts(facts.map((name) => state.facts[name])) : undefined,
    chain: firstOwn && runningHash(state.ownHashes.slice(0, Number(firstOwn.n) - 1)),
    changes: changes.length ? packChanges(changes.map((hash) => state.changes[hash])) : undefined,
  };
}

/** 8 bytes over the hashes of the device's own facts, from n = 1. */
export function runningHash(hashes) {
  const step = (chain, hash) => blake3(Buffer.concat([chain, hash]));
  return hashes.reduce(step, new Uint8Array(32)).slice(0, 8);
}

function request(state, identity, pending, rest) {
  const push = pending && signPush(pending, identity);
  return compress(encodeSyncRequest({ budget: state.budget, ...rest, push }));
}
