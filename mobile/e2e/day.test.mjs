// A courier's day: enrolled at the station, worked without a signal, synced in the evening.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { ALL_WAYBILLS, COLLEAGUE, COURIER, NAME, WAYBILL, morning } from './a-day.mjs';
import { App, story } from './app.mjs';
import { County } from './county.mjs';
import {
  button,
  dialog,
  enrol,
  failWith,
  goBack,
  handOver,
  handOverSigned,
  hasStopsOf,
  named,
  nextAct,
  openStop,
  openTab,
  radio,
  reveal,
  row,
  stopOf,
  sync,
  textbox,
} from './courier.mjs';

/** Where what was collected is brought. */
const STATION_STOP = 'place-';

let county, colleague, app, day;
before(async () => {
  county = await County.start();
  day = await morning(county);
  colleague = await county.phone(COLLEAGUE);
  app = await App.start('day');
});
after(async () => {
  await app?.end();
  await county?.end();
});

const step = story(() => [app]);
const today = () => openTab(app, 'tab_today');
const todayHas = async (...whats) => {
  await today();
  await hasStopsOf(app, whats.map((what) => day.household[what] ?? what));
};
const counted = async (play) => {
  const before = [app.taps, app.typed];
  await play();
  return { taps: app.taps - before[0], typed: app.typed - before[1] };
};
const stateAtCounty = async (record) => (await county.show(record)).status.state;

step('a phone enrols and has its day’s stops', async () => {
  await enrol(app, county.address, await county.code(COURIER));
  await todayHas(...Object.keys(day.household));
  await county.stop();
});

step('ten parcels are loaded out by a scanner, without touching the screen in between', async () => {
  await openTab(app, 'tab_scan');
  await app.tap(row(app, 'scan_to_load'));
  await app.find(named('scan-field'));
  const { taps } = await counted(async () => {
    for (const [at, waybill] of ALL_WAYBILLS.entries()) {
      await app.wedge(waybill);
      await app.sees(app.text('scan_count', { count: at + 1 }));
    }
  });
  assert.equal(taps, 0);
  await app.find({ css: '[data-testid=scan-result][data-outcome=good]' });
  await app.wedge(ALL_WAYBILLS[0]);
  await app.find({ css: '[data-testid=scan-result][data-outcome=twice]' });
  await app.sees(app.text('scan_count', { count: ALL_WAYBILLS.length }));
});

step('from Today to delivered: at most three taps and no typing', async () => {
  await today();
  await reveal(app, stopOf(day.household.undone));
  const effort = await counted(async () => {
    await openStop(app, day.household.undone);
    await handOver(app);
  });
  assert.deepEqual({ ...effort, isFew: effort.taps <= 3 }, { taps: effort.taps, typed: 0, isFew: true });
});

step('undo stays until the next act, and takes the delivery back', async () => {
  await app.tap(button(app, 'undo'));
  await today();
  await reveal(app, stopOf(day.household.undone));
});

step('five parcels go to one household by one signature', async () => {
  await openStop(app, day.household.five);
  await app.find(button(app, 'stop_hand_over', { count: 5 }));
  await handOverSigned(app);
  await todayHas('absent', 'proxy', 'undone', 'corrected', 'handedOver', 'errand', 'pickup');
});

step('a failed attempt with its reason: at most three taps', async () => {
  await today();
  await reveal(app, stopOf(day.household.absent));
  const effort = await counted(async () => {
    await openStop(app, day.household.absent);
    await failWith(app, 'recipient_absent');
  });
  assert.ok(effort.taps <= 3 && effort.typed === 0, JSON.stringify(effort));
});

step('without a consent nothing goes to a proxy', async () => {
  await today();
  await openStop(app, day.household.proxy);
  await app.tap(nextAct);
  await app.tap(radio(app, 'deliver_to_proxy'));
  await app.sees(app.text('deliver_consent_needed'));
  const save = await app.find(button(app, 'deliver_save'));
  assert.equal(await app.session.run((save) => save.disabled, save), true);
  await app.tap(button(app, 'close'), await app.find(dialog(app, 'deliver_title')));
  await today();
  await reveal(app, stopOf(day.household.proxy));
});

step('an errand: taken on, paid in advance, bought, one thing not to be had, change given', async () => {
  await openStop(app, day.household.errand);
  await app.tap(row(app, 'stop_do_errand'));
  await app.tap(button(app, 'errand_accept'));
  await app.tap(button(app, 'errand_take_advance'));
  await app.type(textbox(app, 'errand_amount'), '50');
  await app.tap(button(app, 'errand_save'));
  await app.tap(button(app, 'errand_next', { what: '砖茶' }));
  await app.type(textbox(app, 'errand_price'), '36.5');
  await app.tap(button(app, 'errand_bought'));
  await app.tap(button(app, 'errand_next', { what: '盐' }));
  await app.tap(button(app, 'errand_not_to_be_had'));
  await app.sees('¥13.50');
  await app.tap(button(app, 'errand_settle'));
  await app.tap(button(app, 'errand_confirm'));
  await app.sees(app.text('status_errand_delivered'));
});

step('a pickup with its duties, in their order', async () => {
  await today();
  await openStop(app, day.household.pickup);
  await app.tap(row(app, 'stop_do_pickup'));
  await app.tap(button(app, 'pickup_do_identity_checked'));
  await app.tap(row(app, 'identity_document_resident_id'));
  await app.tap(button(app, 'pickup_do_contents_inspected'));
  await app.tap(button(app, 'pickup_do_weighed'));
  await app.type(textbox(app, 'pickup_weight'), '12.4');
  await app.tap(button(app, 'pickup_save'));
  await app.tap(nextAct);
  await app.tap(button(app, 'pickup_do_packed'), await app.find(dialog(app, 'pickup_duty_packed')));
  await app.tap(button(app, 'pickup_do_collected'));
  await app.sees(app.text('status_pickup_collected'));
});

step('what was recorded wrongly is corrected, and stays to be seen', async () => {
  await today();
  await openStop(app, day.household.corrected);
  await app.tap({ role: 'button', says: WAYBILL.corrected[0] });
  await app.tap(row(app, 'act_damaged'));
  await app.tap(button(app, 'act_save'));
  await app.tap({ role: 'button', name: app.text('history_correct_named', { what: app.text('history_delivery_damaged') }) });
  await app.tap(button(app, 'history_correct_act'));
  await app.sees(app.text('history_voided'));
  await goBack(app);
});

step('killed in the middle, the app has all of it when it is opened again', async () => {
  await today();
  await openStop(app, day.household.undone);
  await handOver(app);
  await app.crash();
  await app.open();
  await app.find(button(app, 'tab_more'));
  await todayHas('absent', 'proxy', 'corrected', 'handedOver', STATION_STOP);
  await openTab(app, 'tab_sync');
  const [waiting, safe] = [ALL_WAYBILLS.length + 2, 13];
  await app.sees(app.text('sync_some_wait', { records: waiting + safe, safe, waiting }));
});

step('with the server back all of it is acknowledged', async () => {
  await county.serve();
  await sync(app);
  await app.sees(app.text('sync_only_here_empty'));
  for (const waybill of [...WAYBILL.five, ...WAYBILL.undone]) assert.equal(await stateAtCounty(waybill), 'delivered', waybill);
  assert.equal(await stateAtCounty(WAYBILL.absent[0]), 'attempted');
  assert.equal(await stateAtCounty(WAYBILL.proxy[0]), 'in_bag');
  assert.equal(await stateAtCounty(WAYBILL.corrected[0]), 'in_bag');
  assert.equal(await stateAtCounty(day.errand), 'delivered');
  assert.equal(await stateAtCounty(day.pickup), 'collected');
});

step('a second courier gets a parcel that is handed over', async () => {
  await today();
  await openStop(app, day.household.handedOver);
  await app.tap({ role: 'button', says: WAYBILL.handedOver[0] });
  await app.tap(row(app, 'act_hand_over'));
  await app.tap({ role: 'button', says: NAME.colleague });
  await app.find(button(app, 'undo'));
  await sync(app);
  await colleague.run('sync');
  const people = await colleague.run('list', 'colleagues');
  const giver = people.find(({ title }) => title === NAME.courier).record;
  await colleague.run('record', WAYBILL.handedOver[0], 'taken_over', `from=${giver}`);
  await colleague.run('sync');
  const { stops } = await colleague.run('list', 'today');
  assert.ok(stops.some(({ items }) => items.some(({ waybill }) => waybill === WAYBILL.handedOver[0])));
  assert.equal(await stateAtCounty(WAYBILL.handedOver[0]), 'in_bag');
  await sync(app);
});

step('what was handed over has left the giver’s Today, and is still to be found', async () => {
  await todayHas('absent', 'proxy', 'corrected', STATION_STOP);
  await openTab(app, 'tab_search');
  await app.type(textbox(app, 'search_field'), WAYBILL.handedOver[0]);
  await app.tap({ role: 'button', says: WAYBILL.handedOver[0] });
  await app.sees(app.text('history_delivery_taken_over', { who: NAME.courier }));
});
