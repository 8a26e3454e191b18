import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { App, scene } from './app.mjs';
import { chooseLanguage, heading } from './courier.mjs';

let app;
before(async () => {
  app = await App.start('language');
});
after(() => app?.end());

scene('the window opens in Chinese, from left to right', () => [app], async () => {
  await app.find(heading(app, 'enrol_choose_language'));
  assert.equal(await app.direction(), 'ltr');
});

scene('Kazakh turns every screen from right to left, and its letters come from the app itself', () => [app], async () => {
  await chooseLanguage(app, 'kk-Arab');
  assert.equal(await app.direction(), 'rtl');
  const loaded = await app.session.runAsync((done) => {
    const isLoaded = ({ status }) => status === 'loaded';
    document.fonts.ready.then((fonts) => done([...fonts].filter(isLoaded).map(({ family }) => family)));
  });
  assert.ok(loaded.some((family) => family.includes('Saddlebag Arabic')));
});
