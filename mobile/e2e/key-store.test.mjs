// Where the key to the store is kept, as the app says it.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { COURIER } from './a-day.mjs';
import { App, scene } from './app.mjs';
import { fitsTheWindow, isAccessible, isTold, isTouchable } from './checks.mjs';
import { County } from './county.mjs';
import { button, enrol, openTab, row } from './courier.mjs';
import { KeyStore } from './key-store.mjs';

/** What the screen tells whoever helps over the phone. */
const LOCKED = 'key_store_locked';

let county, keys, app;
before(async () => {
  county = await County.start();
  keys = await KeyStore.start();
});
after(async () => {
  await app?.end();
  await keys?.end();
  await county?.end();
});

async function openAbout() {
  await openTab(app, 'tab_more');
  await app.tap(row(app, 'settings_title'));
  await app.tap(row(app, 'about_title'));
  await app.sees(app.text('about_key_title'));
}

scene('where a key store runs it holds the key, and without it nothing is opened', () => [app], async () => {
  app = await App.start('key-store', { surroundings: keys.surroundings });
  await enrol(app, county.address, await county.code(COURIER));
  await openAbout();
  await app.sees(app.text('about_key_system'));
  assert.ok(!(await app.seen()).includes(app.text('about_key_file')));
  await app.startAgain();
  await app.find(button(app, 'tab_more'));
  await keys.close();
  await app.startAgain();
  await app.sees(app.text('trouble_key_store_locked'));
  await app.sees(app.text('trouble_code', { code: LOCKED }));
  for (const holds of [isAccessible, isTouchable, fitsTheWindow]) await holds(app, 'store-trouble');
  await isTold(app, 'store-trouble', LOCKED);
  await keys.open();
  await app.tap(button(app, 'trouble_again'));
  await app.find(button(app, 'tab_more'));
});

scene('where none runs the app says that a file holds it', () => [app], async () => {
  await app?.end();
  app = await App.start('key-file');
  await enrol(app, county.address, await county.code(COURIER));
  await openAbout();
  await app.sees(app.text('about_key_file'));
  await app.sees(app.text('about_key_file_hint'));
});
