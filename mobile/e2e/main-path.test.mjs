// The way that every courier goes, in each of the three languages.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { App, scene } from './app.mjs';
import { isArabicScript, isTold } from './checks.mjs';
import { County } from './county.mjs';
import { button, enrol, failWith, handOver, named, openStop, openTab, row, sync } from './courier.mjs';

/** Who reads which language; each is a courier of a station. */
const COURIERS = { 'zh-Hans': 'C05', 'kk-Arab': 'C07', en: 'C09' };
const HOUSEHOLDS = { delivered: 'H0005', failed: 'H0008' };

let county, app;
before(async () => {
  county = await County.start();
  await county.households(...Object.values(HOUSEHOLDS));
});
after(async () => {
  await app?.end();
  await county?.end();
});

const idOf = async (household) => (await county.show(household)).record;

async function mainPath(language, number) {
  const [delivered, failed] = [1, 2].map((n) => `SBZT7700000${number}${n}`);
  await county.parcels(COURIERS[language], [
    { waybill: delivered, household: HOUSEHOLDS.delivered, phone: '12455600010', place: 'S003', cash_fen: 3_550 },
    { waybill: failed, household: HOUSEHOLDS.failed, phone: '12426420404', place: 'S003' },
  ]);
  await app?.end();
  app = await App.start(`main-path-${language}`);
  const holds = async (screen) => {
    await app.rest();
    await isTold(app, screen);
    if (language === 'kk-Arab') await isArabicScript(app, screen);
    else assert.equal(await app.direction(), 'ltr', screen);
  };
  await enrol(app, county.address, await county.code(COURIERS[language]), language);
  await holds('today');
  await openTab(app, 'tab_scan');
  await app.tap(row(app, 'scan_to_load'));
  await app.find(named('scan-field'));
  for (const [at, waybill] of [delivered, failed].entries()) {
    await app.wedge(waybill);
    await app.sees(app.text('scan_count', { count: at + 1 }));
  }
  await holds('load out');
  await openTab(app, 'tab_today');
  await openStop(app, await idOf(HOUSEHOLDS.delivered));
  await holds('stop');
  await handOver(app);
  await openStop(app, await idOf(HOUSEHOLDS.failed));
  await failWith(app, 'road_closed');
  await holds('today, after two stops');
  await sync(app);
  await holds('sync');
  assert.equal((await county.show(delivered)).status.state, 'delivered');
  assert.equal((await county.show(failed)).status.state, 'attempted');
  await app.find(button(app, 'sync_now'));
}

for (const [at, language] of Object.keys(COURIERS).entries())
  scene(`enrolled, loaded out, delivered, failed and synced in ${language}`, () => [app], () => mainPath(language, at));
