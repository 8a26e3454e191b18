// What the app hands to other programs of the phone: a call, a message, a point on a map.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { COURIER } from './a-day.mjs';
import { App, story } from './app.mjs';
import { County } from './county.mjs';
import { button, dialog, enrol, failWith, openStop, radio, sync } from './courier.mjs';
import { StandInOpener } from './stand-in-opener.mjs';

/** A household of the sample county that reads Kazakh and has no camp of its own there. */
const HOUSEHOLD = { key: 'H0021', phone: '12433308778' };
const WAYBILL = 'SBZT7600000001';
/** Where it stays, in WGS 84, and the same point in GCJ-02 as gcoord 1.0.7 converts it. */
const CAMP = ['48.3122052', '87.0001288'];
const CAMP_IN_GCJ02 = ['48.313154', '87.003194'];

let county, app, household;
const opener = new StandInOpener();
before(async () => {
  county = await County.start();
  await county.households(HOUSEHOLD.key);
  await county.camp(HOUSEHOLD.key, ...CAMP);
  const { key, phone } = HOUSEHOLD;
  await county.parcels(COURIER, [{ waybill: WAYBILL, household: key, phone, place: 'S003' }]);
  household = (await county.show(HOUSEHOLD.key)).record;
  app = await App.start('openers', { surroundings: opener.surroundings });
});
after(async () => {
  await app?.end();
  await county?.end();
  opener.end();
});

const step = story(() => [app]);

async function write(message, language) {
  const text = app.text(`stop_message_${message}_${language}`);
  await app.tap({ role: 'button', name: text }, await app.find(dialog(app, 'stop_message_title')));
  return text;
}

async function openMap(key) {
  await app.tap(button(app, 'stop_map'));
  await app.tap(button(app, key), await app.find(dialog(app, 'stop_map_title')));
  await app.gone(dialog(app, 'stop_map_title'));
  return new URL(await opener.next());
}

step('a call is dialled, counted, and never shows the number', async () => {
  await enrol(app, county.address, await county.code(COURIER));
  await openStop(app, household);
  await app.tap(button(app, 'stop_call'));
  const [first] = await app.all({ role: 'button', says: app.text('stop_call_named', { name: '' }) });
  if (first) await app.tap({ role: 'button', says: app.text('stop_call_named', { name: '' }) });
  assert.equal(await opener.next(), `tel:${HOUSEHOLD.phone}`);
  await app.sees(app.text('stop_calls_tried', { calls: 1 }));
  assert.ok(!(await app.session.source()).includes(HOUSEHOLD.phone));
});

step('a ready message is in the household’s language, and in another if it is wanted', async () => {
  await app.tap(button(app, 'stop_message'));
  const kazakh = await write('coming', 'kk_arab');
  assert.equal(await opener.next(), `sms:${HOUSEHOLD.phone}?body=${encodeURIComponent(kazakh)}`);
  await app.gone(dialog(app, 'stop_message_title'));
  await app.tap(button(app, 'stop_message'));
  await app.tap(radio(app, 'language_zh_hans'));
  const chinese = await write('where', 'zh_hans');
  assert.equal(await opener.next(), `sms:${HOUSEHOLD.phone}?body=${encodeURIComponent(chinese)}`);
  await app.gone(dialog(app, 'stop_message_title'));
});

step('a map app is given the point in its own coordinates, and nobody’s name', async () => {
  const amap = await openMap('stop_map_amap');
  assert.equal(amap.href.split('?')[0], 'androidamap://viewMap');
  assert.deepEqual(['lat', 'lon'].map((name) => amap.searchParams.get(name)), CAMP_IN_GCJ02);
  assert.equal(amap.searchParams.get('poiname'), 'saddlebag');
  const baidu = await openMap('stop_map_baidu');
  assert.equal(baidu.href.split('?')[0], 'baidumap://map/marker');
  assert.equal(baidu.searchParams.get('location'), CAMP_IN_GCJ02.join());
  assert.equal(baidu.searchParams.get('coord_type'), 'gcj02');
  assert.equal(baidu.searchParams.get('title'), 'saddlebag');
  const [lat, lon] = CAMP.map((degrees) => Number(degrees).toFixed(6));
  assert.equal((await openMap('stop_map_system')).href, `geo:${lat},${lon}?q=${lat},${lon}`);
});

step('the call that was tried is recorded with the failed attempt', async () => {
  await failWith(app, 'phone_unreachable');
  await sync(app);
  const { facts } = await county.show(WAYBILL);
  assert.equal(facts.find(({ kind }) => kind === 'delivery.attempted').body.calls, 1);
});
