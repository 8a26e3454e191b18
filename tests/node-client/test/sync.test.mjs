import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { before } from 'node:test';
import { deflatedChange, plainChange } from '../src/chunk.mjs';
import { Client } from '../src/client.mjs';
import { decodeFact } from '../src/facts.mjs';
import { deliveryId, randomId } from '../src/ids.mjs';
import { readCursor } from '../src/messages.mjs';
import { SMALLEST_BUDGET } from '../src/outbox.mjs';
import { ImmutableString, splice } from '../src/plan.mjs';
import { SIDE, decodePosition, encodePosition } from '../src/side-values.mjs';
import { Store } from '../src/store.mjs';
import { Answered, Cut } from '../src/transport.mjs';
import { County } from './county.mjs';
import { LosingProxy } from './losing-proxy.mjs';

const [DELIVERY, PICKUP, TIP] = [1, 2, 4];
const factOf = (record, number) => record * 256 + number;
const SCANNED_IN = factOf(DELIVERY, 2);
const DELIVERED = factOf(DELIVERY, 5);
const ANNOUNCED = factOf(DELIVERY, 1);
const DAMAGED = factOf(DELIVERY, 16);
const WEIGHED = factOf(PICKUP, 4);
const REPORTED = factOf(TIP, 1);
const FIELD = { place: 5, note: 7, receiver: 10, proof: 11, grams: 13, tipKind: 24, text: 34 };
const ROAD_WASHED_OUT = 1;
const RECEIVER_NAMED = 1;

let county;
before(async (t) => {
  county = await County.start(t);
  await county.person('C1', 'courier');
  await county.person('C2', 'courier');
  await county.person('K1', 'clerk');
});

const stationOf = (device) => device.state.identity.person.station;
const kindsOf = (device, record) =>
  device
    .facts(record)
    .map(({ bytes }) => decodeFact(bytes).kind)
    .sort();
const statesOf = (device, record) => device.facts(record).map(({ state }) => state);

function scanAndDeliver(courier, waybill) {
  const record = deliveryId(courier.state.identity.idKey, waybill);
  courier.recordFact(record, SCANNED_IN, { [FIELD.place]: stationOf(courier) });
  courier.editPlan(record, DELIVERY, (plan) => {
    plan.w = new ImmutableString(waybill);
    plan.g = 0;
  });
  const position = { latitude: 480_584_101, longitude: 864_162_901, accuracy: 12 };
  courier.recordFact(
    record,
    DELIVERED,
    { [FIELD.proof]: RECEIVER_NAMED, [FIELD.receiver]: '示例收件人' },
    {
      side: [{ name: SIDE.position, value: encodePosition(position) }],
    },
  );
  return { record, position };
}

const refusedWith = (code) => (error) => error instanceof Answered && error.text === code;

test('a device enrols, and a code is good once', async () => {
  const code = await county.code('C1');
  const device = new Client({ address: county.address });
  const answer = await device.enrol(code.toLowerCase());
  assert.equal(answer.person.role, 'courier');
  assert.equal(answer.person.station.length, 16);
  assert.equal(answer.oneTime.length, 64);
  assert.ok(answer.oneTime.every((number) => BigInt(number) >= 2n ** 63n));
  await assert.rejects(new Client({ address: county.address }).enrol(code), refusedWith('bad_code'));
});

test('a clerk reads a parcel that a courier scanned unknown and delivered, and both edit its plan', async () => {
  const courier = await county.device('C1');
  const clerk = await county.device('K1');
  const { record, position } = scanAndDeliver(courier, 'SF1234567890123');
  await courier.sync();
  assert.deepEqual(statesOf(courier, record), ['admitted', 'admitted']);

  await clerk.sync();
  assert.deepEqual(kindsOf(clerk, record), [SCANNED_IN, DELIVERED]);
  assert.deepEqual(
    clerk.facts(record).map(({ bytes }) => bytes),
    courier.facts(record).map(({ bytes }) => bytes),
  );
  assert.deepEqual(clerk.state.writers[courier.state.identity.device], courier.state.identity.person.id);
  const [side] = clerk.facts(record).flatMap(({ side }) => side);
  assert.deepEqual(decodePosition(side.value), position);
  assert.equal(String(clerk.plan(record).w), 'SF1234567890123');

  clerk.editPlan(record, DELIVERY, (plan) => {
    plan.a = courier.state.identity.person.id;
    plan.f = 1_795_000_000_000;
    splice(plan, ['n'], 0, 0, '放在桥东第三家 🐎');
  });
  await clerk.sync();
  await courier.sync();
  const plan = courier.plan(record);
  assert.deepEqual(
    [plan.a, plan.f, plan.n],
    [courier.state.identity.person.id, 1_795_000_000_000, '放在桥东第三家 🐎'],
  );
  assert.equal(courier.state.conflicts.length, 0);
});

test('a change above 256 bytes travels plain, also when a library deflated it', async () => {
  const courier = await county.device('C1');
  const clerk = await county.device('K1');
  const record = randomId();
  const notes = 'over the second wooden bridge, then along the river; '.repeat(12);
  const hash = courier.editPlan(record, PICKUP, (plan) => {
    plan.d = new ImmutableString('乌鲁木齐'.repeat(30));
    splice(plan, ['n'], 0, 0, notes);
  });
  courier.recordFact(record, WEIGHED, { [FIELD.grams]: 23_500 });
  const { bytes } = courier.state.changes[hash];
  assert.ok(bytes.length > 256);
  courier.store.transaction((state) => {
    state.changes[hash].bytes = plainChange(deflatedChange(bytes));
  });
  assert.deepEqual(courier.state.changes[hash].bytes, bytes);

  await courier.sync();
  assert.equal(courier.state.changes[hash].state, 'admitted');
  await clerk.sync();
  assert.equal(clerk.plan(record).n, notes);
  assert.deepEqual(clerk.state.changes[hash].bytes, bytes);
});

test('a deflated chunk makes its push malformed, and nothing of it is kept', async () => {
  const courier = await county.device('C1');
  const record = randomId();
  const fact = courier.recordFact(record, WEIGHED, { [FIELD.grams]: 900 });
  const hash = courier.editPlan(record, PICKUP, (plan) => splice(plan, ['n'], 0, 0, 'x'.repeat(600)));
  const carry = (form) =>
    courier.store.transaction((state) => {
      state.changes[hash].bytes = form(state.changes[hash].bytes);
      state.pending = null;
    });
  carry(deflatedChange);
  await assert.rejects(courier.sync(), refusedWith('malformed'));
  assert.equal(courier.state.facts[fact].state, 'unsent');
  carry(plainChange);
  await courier.sync();
  assert.deepEqual([courier.state.facts[fact].state, courier.state.changes[hash].state], ['admitted', 'admitted']);
});

test('what a lost answer confirmed is confirmed again, and nothing is doubled', async (t) => {
  const proxy = await LosingProxy.before(county.address);
  t.after(() => proxy.close());
  const courier = await county.device('C1');
  const clerk = await county.device('K1');
  courier.address = proxy.address;
  const { record } = scanAndDeliver(courier, 'JD0000000000777');

  proxy.loseNextAnswer();
  await assert.rejects(courier.sync(), Cut);
  assert.equal(proxy.lost, 1);
  assert.deepEqual(statesOf(courier, record), ['unsent', 'unsent']);
  await clerk.sync();
  assert.deepEqual(kindsOf(clerk, record), [SCANNED_IN, DELIVERED], 'the county had all of it');
  const { position } = clerk.state;

  const { nonce } = courier.state.pending;
  const answer = await courier.exchange();
  assert.deepEqual(
    answer.receipts.facts.map(({ first, last, outcome }) => [first, last, outcome]),
    [[1, 2, 'admitted']],
  );
  assert.equal(courier.state.pending, null, `the push of nonce ${Buffer.from(nonce).toString('hex')} was answered`);
  assert.deepEqual(statesOf(courier, record), ['admitted', 'admitted']);
  assert.equal(answer.position, position, 'the log is as long as before');

  courier.recordFact(record, DAMAGED);
  await courier.sync();
  await clerk.sync();
  assert.deepEqual(kindsOf(clerk, record), [SCANNED_IN, DELIVERED, DAMAGED]);
});

test('a device goes on from a checkpoint when the county does not know its cursor', async () => {
  const courier = await county.device('C1');
  const clerk = await county.device('K1');
  const waybills = ['YT0000000001', 'YT0000000002', 'YT0000000003'];
  const records = [];
  for (const waybill of waybills) {
    records.push(scanAndDeliver(courier, waybill).record);
    await courier.sync();
    await clerk.sync();
  }
  assert.ok(clerk.state.checkpoints.length >= 2);
  const before = structuredClone(clerk.state);
  const spoil = (cursor) => Uint8Array.from(cursor, (byte, i) => (i >= 4 && i < 8 ? byte ^ 255 : byte));

  clerk.store.transaction((state) => {
    state.cursor = spoil(state.cursor);
  });
  assert.equal((await clerk.exchange()).code, 5);
  const answer = await clerk.exchange({ offerCheckpoints: true });
  assert.deepEqual(readCursor(answer.wentBack), readCursor(before.checkpoints[0]));
  await clerk.sync();
  assert.deepEqual(clerk.state.cursor, before.cursor);

  clerk.store.transaction((state) => {
    state.cursor = spoil(state.cursor);
    state.checkpoints = state.checkpoints.map(spoil);
  });
  await clerk.sync();
  assert.deepEqual(clerk.state.cursor, before.cursor);
  assert.deepEqual(Object.keys(clerk.state.facts).sort(), Object.keys(before.facts).sort());
  for (const record of records) assert.deepEqual(kindsOf(clerk, record), [SCANNED_IN, DELIVERED]);
});

test('a phone number in a tip is refused, and the next tip is read by its reporter alone', async () => {
  const courier = await county.device('C1');
  const clerk = await county.device('K1');
  const report = (text) =>
    courier.recordFact(
      randomId(),
      REPORTED,
      { [FIELD.tipKind]: ROAD_WASHED_OUT, [FIELD.text]: text },
      { oneTime: true },
    );
  const refused = report('桥头塌方，请打 13812345678');
  const good = report('桥头塌方，马过不去');
  const told = await courier.sync();
  assert.deepEqual(
    told.map(({ name, state, reason }) => [name, state, reason]),
    [[refused, 'refused', 'tip_text_phone_number']],
  );
  assert.equal(courier.state.facts[good].state, 'admitted');
  assert.equal(courier.state.oneTime.length, 64, 'topped up');
  await clerk.sync();
  assert.equal(clerk.state.facts[good], undefined);
  assert.deepEqual(await courier.sync(), [], 'what was refused is not sent again');
});

test('a push that another key signed is refused whole', async () => {
  const courier = await county.device('C1');
  const other = await county.device('C2');
  const { record } = scanAndDeliver(courier, 'ZT0000000000001');
  const { pkcs8 } = courier.state.identity;
  const sign = (key) =>
    courier.store.transaction((state) => {
      state.identity.pkcs8 = key;
    });
  sign(other.state.identity.pkcs8);
  await assert.rejects(courier.sync(), refusedWith('bad_signature'));
  assert.deepEqual(statesOf(courier, record), ['unsent', 'unsent']);
  sign(pkcs8);
  await courier.sync();
  assert.deepEqual(statesOf(courier, record), ['admitted', 'admitted']);
});

test('what was refused keeps its number, and what is newer than the county is held', async () => {
  const courier = await county.device('C1');
  const { record } = scanAndDeliver(courier, 'ST0000000000011');
  const notTheirs = courier.recordFact(record, ANNOUNCED);
  const newer = courier.recordFact(record, factOf(DELIVERY, 99), { 99: 1 });
  const told = await courier.sync();
  assert.deepEqual(
    told.map(({ name, state }) => [name, state]),
    [[notTheirs, 'refused']],
  );
  assert.deepEqual([courier.state.facts[newer].state, courier.state.facts[newer].reason], ['held', 'waiting']);
  const later = courier.recordFact(record, DAMAGED);
  assert.deepEqual(await courier.sync(), [], 'the running hash goes on over what was refused');
  assert.equal(courier.state.facts[later].state, 'admitted');
});

test("a plan edit that is no longer theirs is superseded, and the county's plan is taken", async () => {
  const [courier, other, clerk] = [await county.device('C1'), await county.device('C2'), await county.device('K1')];
  const record = deliveryId(courier.state.identity.idKey, 'HT0000000000031');
  courier.recordFact(record, SCANNED_IN, { [FIELD.place]: stationOf(courier) });
  await courier.sync();
  const assignTo = async ({ state }) => {
    await clerk.sync();
    clerk.editPlan(record, DELIVERY, (plan) => {
      plan.a = state.identity.person.id;
    });
    assert.deepEqual(await clerk.sync(), []);
  };
  const putInOrder = (order) =>
    other.editPlan(record, DELIVERY, (plan) => {
      plan.o = order;
    });

  await assignTo(other);
  await other.sync();
  assert.deepEqual(kindsOf(other, record), [SCANNED_IN]);
  putInOrder(4);
  assert.deepEqual(await other.sync(), []);

  await assignTo(courier);
  const late = [putInOrder(5), putInOrder(6)];
  const told = await other.sync();
  assert.deepEqual(
    told.map(({ hash, state }) => [hash, state]),
    late.map((hash) => [hash, 'superseded']),
  );
  await courier.sync();
  assert.equal(courier.plan(record).o, 4);
  assert.equal(other.plan(record)?.o ?? 4, 4);
});

test('a day goes in small requests and comes in small pages, each within its budget', async () => {
  const courier = await county.device('C1');
  const clerk = await county.device('K1');
  for (const device of [courier, clerk]) {
    device.store.transaction((state) => {
      state.budget = SMALLEST_BUDGET;
    });
  }
  const records = Array.from({ length: 120 }, () => randomId());
  for (const record of records) {
    courier.recordFact(record, WEIGHED, { [FIELD.grams]: 1 + records.indexOf(record) });
    courier.editPlan(record, PICKUP, (plan) => splice(plan, ['n'], 0, 0, Buffer.from(randomId()).toString('hex')));
  }
  let requests = 0;
  for (let answer; !answer || answer.more; requests++) answer = await courier.exchange();
  assert.ok(requests > 1, `${requests} requests`);
  const own = [...Object.values(courier.state.facts), ...Object.values(courier.state.changes)].filter(
    (item) => item.own,
  );
  assert.equal(own.filter(({ state }) => state === 'admitted').length, 240);

  let pages = 0;
  for (let answer; !answer || answer.more; pages++) {
    const asked = clerk.state.budget;
    answer = await clerk.exchange();
    assert.ok(answer.bytes <= asked, `a page of ${answer.bytes} bytes`);
  }
  assert.ok(pages > 1, `${pages} pages`);
  for (const record of records) {
    assert.deepEqual(kindsOf(clerk, record), [WEIGHED]);
    assert.equal(clerk.plan(record).n, courier.plan(record).n);
  }
});

test('another courier is not told of a parcel that is none of theirs', async () => {
  const courier = await county.device('C1');
  const other = await county.device('C2');
  const { record } = scanAndDeliver(courier, 'YD0000000000042');
  await courier.sync();
  await other.sync();
  assert.deepEqual(other.facts(record), []);
  assert.equal(other.plan(record), undefined);
});

test('a device that keeps its store in a file goes on from it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'saddlebag-node-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'device.json');
  const courier = await county.device('C1', { store: new Store(path) });
  const { record } = scanAndDeliver(courier, 'EMS000000000009');
  const reopened = new Client({ address: county.address, store: new Store(path) });
  await reopened.sync();
  assert.deepEqual(statesOf(reopened, record), ['admitted', 'admitted']);
  reopened.recordFact(record, DAMAGED);
  await new Client({ address: county.address, store: new Store(path) }).sync();
});

test('a token of nobody, and a request that is none, are answered by their codes', async () => {
  const courier = await county.device('C1');
  courier.store.transaction((state) => {
    state.identity.token = state.identity.token.slice(0, -4) + 'AAAA';
  });
  await assert.rejects(courier.sync(), (error) => refusedWith('unauthorised')(error) && error.status === 401);
});
