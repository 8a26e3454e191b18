// The order of the stops, by the buttons that change it.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { COURIER, STATION, morning } from './a-day.mjs';
import { App, story } from './app.mjs';
import { County } from './county.mjs';
import { button, enrol, hasStopsOf, reveal, stopsInOrder, sync } from './courier.mjs';
import { metres, shortest } from './shortest-way.mjs';
import { until } from './until.mjs';

/** "Order for me" may be so much longer than the shortest way. */
const WITHIN = 1.05;

let county, day, app, secondPhone;
before(async () => {
  county = await County.start();
  day = await morning(county);
  secondPhone = await county.phone(COURIER);
  app = await App.start('order');
});
after(async () => {
  await app?.end();
  await county?.end();
});

const step = story(() => [app]);
const order = () => stopsInOrder(app);

/** By the button on a stop's card, and one of those that it opens. */
async function move(key, how) {
  const card = { css: `[role=listitem]:has([data-key="${key}"])` };
  await reveal(app, card);
  await app.tap({ role: 'button', says: app.text('today_change_order', { name: '' }) }, await app.find(card));
  await app.tap(button(app, how));
  await app.gone({ role: 'dialog' });
}

async function becomes(wanted) {
  await until(`order ${wanted}`, async () => String(await order()) === String(wanted));
}

let first;
step('a stop is done next, or moved by one, at the touch of a button', async () => {
  await enrol(app, county.address, await county.code(COURIER));
  await hasStopsOf(app, Object.values(day.household));
  first = await order();
  const last = first.at(-1);
  await move(last, 'today_order_first');
  await becomes([last, ...first.slice(0, -1)]);
  await move(last, 'today_order_down');
  await becomes([first[0], last, ...first.slice(1, -1)]);
  await move(first[1], 'today_order_up');
  await becomes([first[0], first[1], last, ...first.slice(2, -1)]);
});

step('“Order for me”: what is urgent or cold first, then as short as can be', async () => {
  const before = await order();
  await app.tap(button(app, 'today_order_for_me'));
  await app.sees(app.text('today_ordered'));
  await until('another order', async () => String(await order()) !== String(before));
  const ordered = await order();
  const { stops } = await secondPhone.run('list', 'today');
  const [first, then] = [true, false].map((isFirst) => stops.filter((stop) => stop.comes_first === isFirst));
  assert.ok(first.some(({ urgent, household }) => urgent && household === day.household.absent));
  const keys = (some) => some.map(({ key }) => key).sort();
  assert.deepEqual(ordered.slice(0, first.length).sort(), keys(first));
  assert.deepEqual(ordered.slice(first.length).sort(), keys(then));
  const positions = (some) => some.map(({ position }) => position);
  const ridden = [STATION, ...ordered.map((key) => stops.find((stop) => stop.key === key).position)];
  const way = ridden.slice(1).reduce((sum, to, at) => sum + metres(ridden[at], to), 0);
  const best = shortest(STATION, positions(first), positions(then));
  assert.ok(way <= WITHIN * best, `${way} m instead of ${best} m`);
});

step('a second time there is nothing left to do', async () => {
  await app.tap(button(app, 'today_order_for_me'));
  await app.sees(app.text('today_ordered_already'));
});

step('the order is the courier’s own: another phone of theirs has it too', async () => {
  const ordered = await order();
  await sync(app);
  await secondPhone.run('sync');
  const { stops } = await secondPhone.run('list', 'today');
  assert.deepEqual(stops.map(({ key }) => key), ordered);
});
