// A phone that the county has emptied: what it says before and after, in the language of whoever holds it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before } from 'node:test';
import { COURIER, morning } from './a-day.mjs';
import { App, story } from './app.mjs';
import { County } from './county.mjs';
import { button, enrol, openTab, sync } from './courier.mjs';

let county, app;
before(async () => {
  county = await County.start();
  await morning(county);
  app = await App.start('leaving');
});
after(async () => {
  await app?.end();
  await county?.end();
});

const step = story(() => [app]);

step('a retired phone says what is to come, and is used as before', async () => {
  await enrol(app, county.address, await county.code(COURIER), 'kk-Arab');
  const devices = await county.admin('M01', 'devices', 'list');
  const mine = devices.find(({ app: name }) => name?.startsWith('saddlebag-app'));
  await county.admin('M01', 'device', 'retire', String(mine.device));
  await sync(app);
  await app.sees(app.text('sync_leaving_retired'));
});

step('after the next backup it is empty, and says why', async () => {
  await county.admin('M01', 'backup');
  await openTab(app, 'tab_sync');
  await app.tap(button(app, 'sync_now'));
  await app.sees(app.text('wiped_retired'));
  assert.equal(existsSync(app.file('store/wiped.json')), true);
  const [listed] = (await county.admin('M01', 'devices', 'list')).filter(({ state }) => state === 'retired');
  assert.ok(listed);
});

step('it can be enrolled as a new one, and then says no more of it', async () => {
  await enrol(app, county.address, await county.code(COURIER), 'kk-Arab');
  await sync(app);
  assert.equal(existsSync(app.file('store/wiped.json')), false);
});
