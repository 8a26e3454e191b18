// One device of a county: enrols, writes facts and plan changes down, and exchanges what is new.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { changeHash } from './chunk.mjs';
import { Clock } from './clock.mjs';
import { encodeFact, factHash, factName } from './facts.mjs';
import { applyPage, applyReceipts, changesOf, factsOf, latestFacts, offerAgain } from './inbox.mjs';
import { decodeEnrolAnswer, decodeSyncAnswer, encodeEnrolRequest, keyListBytes } from './messages.mjs';
import { LARGEST_BUDGET, SMALLEST_BUDGET, nextRequest } from './outbox.mjs';
import { editPlan, openPlan, readChange } from './plan.mjs';
import { Store } from './store.mjs';
import { Cut, post } from './transport.mjs';
import { compress, decompress } from './zstd.mjs';

const APP = 'saddlebag-node-client 0.1.0';
const UNKNOWN_CURSOR = 5;
const FORKED = 6;
const SIGNING = 0;
const EXCHANGES_BEFORE_DOUBLING = 4;

export class Forked extends Error {}

export class Client {
  constructor({ address, store = new Store(), clock = new Clock() }) {
    Object.assign(this, { address, store, clock });
  }

  get state() {
    return this.store.state;
  }

  async enrol(code, county) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const actor = new Uint8Array(randomBytes(16));
    const rawKey = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url'));
    const request = encodeEnrolRequest({ code, county, publicKey: rawKey, actor, app: APP });
    const answer = decodeEnrolAnswer(await post(this.address, '/v1/enrol', {}, request));
    const { oneTime, countyTime, ...identity } = answer;
    this.clock.learn(countyTime);
    this.store.transaction((state) => {
      const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
      Object.assign(state, { identity: { ...identity, pkcs8 }, actors: [actor], announced: 1, oneTime, countyTime });
    });
    return answer;
  }

  /** Under the device number, or, with `oneTime`, under a one-time number that nothing else will bear. */
  recordFact(record, kind, fields = {}, { side = [], oneTime = false, after } = {}) {
    return this.store.transaction((state) => {
      const author = oneTime ? state.oneTime.shift() : state.identity.device;
      if (author === undefined) throw new Error('no one-time number is left: sync first');
      const n = oneTime ? 1 : (state.n += 1);
      const stamp = this.clock.stamp(state.stamp, state.countyTime);
      state.stamp = stamp.slice(0, 2);
      const body =
        fields instanceof Map ? fields : new Map(Object.entries(fields).map(([key, value]) => [Number(key), value]));
      const latest = (after ?? latestFacts(state, record)).slice(0, 16);
      const bytes = encodeFact({ author, n, record, kind, version: 1, after: latest.sort(ascending), stamp, body });
      if (!oneTime) state.ownHashes.push(factHash(bytes));
      const name = factName(author, n);
      state.facts[name] = { record, author, n, bytes, side, own: true, state: 'unsent' };
      return name;
    });
  }

  /** Returns the change's hash, or undefined if the edit changed nothing. */
  editPlan(record, kind, edit) {
    return this.store.transaction((state) => {
      const actor = state.actors.at(-1);
      const doc = openPlan(
        kind,
        changesOf(state, record).map(({ bytes }) => bytes),
        actor,
      );
      const { change } = editPlan(doc, edit);
      if (!change) return undefined;
      const hash = Buffer.from(changeHash(change)).toString('hex');
      state.changes[hash] = {
        record,
        kind,
        actor,
        seq: readChange(change).seq,
        bytes: change,
        own: true,
        state: 'unsent',
      };
      return hash;
    });
  }

  plan(record) {
    const changes = changesOf(this.state, record);
    if (!changes.length) return undefined;
    return openPlan(
      changes[0].kind,
      changes.map(({ bytes }) => bytes),
      this.state.actors.at(-1),
    );
  }

  facts(record) {
    return factsOf(this.state, record);
  }

  /** Exchanges until both sides have nothing new. Returns what the person is to be told of. */
  async sync() {
    const told = [];
    let offered = false;
    for (;;) {
      const answer = await this.exchange({ offerCheckpoints: offered });
      told.push(...answer.told);
      if (answer.code === UNKNOWN_CURSOR && !offered) offered = true;
      else if (answer.code !== undefined) throw new Error(`the county answered ${answer.code}`);
      else if (!answer.more) return told;
      else offered = false;
    }
  }

  /** One request and its answer. */
  async exchange({ offerCheckpoints = false } = {}) {
    const frame = this.store.transaction((state) => this.#request(state, offerCheckpoints));
    const headers = { Authorization: `Bearer ${this.state.identity.token}`, 'Content-Encoding': 'zstd' };
    let bytes;
    try {
      bytes = await post(this.address, '/v1/sync', headers, frame);
    } catch (error) {
      if (error instanceof Cut) this.store.transaction((state) => shrink(state, frame.length));
      throw error;
    }
    const answer = { ...decodeSyncAnswer(decompress(bytes)), bytes: bytes.length };
    this.clock.learn(answer.countyTime);
    if (answer.code === FORKED) throw new Forked('this device was restored from an old copy, or cloned');
    return this.store.transaction((state) => this.#apply(state, answer, offerCheckpoints));
  }

  #request(state, offerCheckpoints) {
    state.announcing = state.actors.length;
    const identity = {
      ...state.identity,
      privateKey: createPrivateKey({ key: Buffer.from(state.identity.pkcs8), format: 'der', type: 'pkcs8' }),
    };
    return nextRequest(state, identity, {
      cursor: state.cursor ?? undefined,
      checkpoints: offerCheckpoints ? state.checkpoints : undefined,
      actors: state.actors.slice(state.announced),
      oneTimeLeft: state.oneTime.length < 64 ? state.oneTime.length : undefined,
      keyListVersion: state.identity.keys.version,
    });
  }

  #apply(state, answer, offeredCheckpoints) {
    state.countyTime = answer.countyTime;
    if (++state.arrived % EXCHANGES_BEFORE_DOUBLING === 0) state.budget = Math.min(state.budget * 2, LARGEST_BUDGET);
    if (answer.code !== undefined) return { ...answer, told: [] };
    state.announced = state.announcing;
    const before = unsent(state);
    if (offeredCheckpoints) offerAgain(state, answer);
    const told = applyReceipts(state, answer);
    const left = unsent(state);
    applyPage(state, answer, this.clock);
    state.oneTime.push(...answer.oneTime);
    if (answer.keys) takeKeys(state.identity, answer.keys);
    return { ...answer, told, more: answer.more || (left > 0 && (left < before || offeredCheckpoints)) };
  }
}

const ascending = ([authorA, nA], [authorB, nB]) =>
  authorA === authorB ? Number(nA) - Number(nB) : authorA < authorB ? -1 : 1;

const unsent = (state) =>
  [...Object.values(state.facts), ...Object.values(state.changes)].filter((item) => item.state === 'unsent').length;

function shrink(state, sent) {
  state.budget = Math.max(SMALLEST_BUDGET, Math.floor(Math.min(state.budget, sent) / 2));
  state.arrived = 0;
}

/** Only if a signing key that the device holds signed it, and its version is higher. */
function takeKeys(identity, list) {
  const signer = identity.keys.keys.find(({ id, purpose }) => id === list.signer && purpose === SIGNING);
  if (!signer || list.version <= identity.keys.version) return;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(signer.key).toString('base64url') },
    format: 'jwk',
  });
  if (verify(null, keyListBytes(identity.county, list.bytes), key, list.signature)) identity.keys = list;
}
