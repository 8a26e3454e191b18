// A clerk's counter on the station's computer, with no way to the county until the evening.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { CLERK, COURIER, NAME } from './a-day.mjs';
import { App, DESKTOP, ENTER, story } from './app.mjs';
import { County } from './county.mjs';
import { button, dialog, enrol, named, openTab, sync, textbox } from './courier.mjs';

const FOR_COURIER = ['SBZT7400000001', 'SBZT7400000002'];
const FOR_ADDRESSEE = 'SBZT7400000003';
const CASH_FEN = 12_000;

let county, courier, handIn, app;
before(async () => {
  county = await County.start();
  await county.households('H0005', 'H0008');
  const bound = { household: 'H0005', phone: '12455600010', place: 'S003' };
  const [first, second] = FOR_COURIER.map((waybill) => ({ ...bound, waybill, cash_fen: CASH_FEN }));
  await county.parcels(COURIER, [first, second]);
  const fetched = { waybill: FOR_ADDRESSEE, household: 'H0008', phone: '12426420404', place: 'S003' };
  await county.parcels(undefined, [fetched]);
  courier = await county.phone(COURIER);
  handIn = await courier.run('hand-in', String(CASH_FEN));
  await courier.run('sync');
  app = await App.start('clerk', { size: DESKTOP });
});
after(async () => {
  await app?.end();
  await county?.end();
});

const step = story(() => [app]);
const stateAtCounty = async (waybill) => (await county.show(waybill)).status.state;

step('three parcels are scanned in, one after the other, and lie at the station', async () => {
  await enrol(app, county.address, await county.code(CLERK));
  await county.stop();
  await openTab(app, 'tab_scan_in');
  for (const [at, waybill] of [...FOR_COURIER, FOR_ADDRESSEE].entries()) {
    await app.type(named('scan-field'), waybill + ENTER);
    await app.sees(app.text('scan_count', { count: at + 1 }));
  }
  await app.sees(app.text('clerk_lies_here', { count: 3 }));
});

step('a courier takes all of theirs by one act', async () => {
  await openTab(app, 'tab_hand_out');
  await app.tap({ role: 'button', says: NAME.courier });
  await app.tap(button(app, 'clerk_to_courier', { name: NAME.courier, count: FOR_COURIER.length }));
  await app.sees(app.text('clerk_lies_here', { count: 1 }));
});

step('an addressee fetches theirs, and says who they are', async () => {
  await app.type(textbox(app, 'clerk_find'), FOR_ADDRESSEE + ENTER);
  await app.tap(button(app, 'clerk_to_addressee_count', { count: 1 }));
  await app.tap(button(app, 'deliver_save'), await app.find(dialog(app, 'deliver_title')));
  await app.sees(app.text('clerk_lies_here', { count: 0 }));
});

step('cash is counted without seeing what the courier says', async () => {
  await openTab(app, 'tab_count');
  await app.tap({ role: 'button', says: NAME.courier });
  await app.type(textbox(app, 'clerk_number'), String(handIn.number));
  await app.type(textbox(app, 'clerk_sum'), '119.50');
  assert.ok(!/120/.test(await app.seen()));
  await app.tap(button(app, 'clerk_count_save'));
  await app.sees(app.text('clerk_counted', { name: NAME.courier, number: handIn.number }));
  assert.ok(!/120/.test(await app.seen()));
});

step('in the evening all of it reaches the county', async () => {
  await county.serve();
  await sync(app);
  for (const waybill of FOR_COURIER) assert.equal(await stateAtCounty(waybill), 'handed_over', waybill);
  assert.equal(await stateAtCounty(FOR_ADDRESSEE), 'delivered');
  const [count] = await county.admin('D01', '--why', 'end-to-end test', 'count', 'list');
  assert.deepEqual([count.number, count.handed_in, count.counted], [handIn.number, CASH_FEN, 11_950]);
});
