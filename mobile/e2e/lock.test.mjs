// The PIN: nothing of the day is seen without it, a wrong one costs time alone, and a scan is never lost.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { ALL_WAYBILLS, COURIER, WAYBILL, morning } from './a-day.mjs';
import { App, story } from './app.mjs';
import { County } from './county.mjs';
import {
  button,
  enrol,
  enterPin,
  goBack,
  heading,
  named,
  openStop,
  openTab,
  pinKey,
  reveal,
  row,
  stopOf,
} from './courier.mjs';
import { until } from './until.mjs';

const PIN = '135790';
const WRONG = '246802';
/** Wrong ones in a row before one has to wait, and how long then. */
const FREE = 4;
const WAIT_S = 30;

let county, day, app, seenToday;
before(async () => {
  county = await County.start();
  day = await morning(county);
  app = await App.start('lock');
});
after(async () => {
  await app?.end();
  await county?.end();
});

const step = story(() => [app]);
const enter = (pin) => enterPin(app, pin);

async function openLockSetting() {
  await openTab(app, 'tab_more');
  await app.tap(row(app, 'settings_title'));
  await app.tap(row(app, 'lock_setting'));
}

async function lockNow() {
  await app.tap(button(app, 'lock_now'));
  await app.find(heading(app, 'lock_title'));
}

const isWaiting = async () => app.session.run((key) => key.disabled, await app.find(pinKey('5')));

/** Names and whereabouts on the cards of Today, as somebody reads them. */
async function textsOfToday() {
  const texts = await app.session.run(() => {
    const told = document.querySelectorAll('[data-testid=stop-card] :is(.name, .where)');
    return [...told].map((one) => one.textContent.trim());
  });
  return texts.filter(Boolean);
}

async function holdsNoneOf(texts) {
  const source = await app.session.source();
  assert.deepEqual(texts.filter((text) => source.includes(text)), []);
}

step('a PIN is set in Settings, entered twice', async () => {
  await enrol(app, county.address, await county.code(COURIER));
  await reveal(app, stopOf(day.household.five));
  seenToday = await textsOfToday();
  assert.ok(seenToday.length > 0);
  await openLockSetting();
  await app.tap(button(app, 'lock_set'));
  await enter(PIN);
  await app.sees(app.text('lock_enter_again'));
  await enter(PIN);
  await app.sees(app.text('lock_is_set'));
});

step('locked, the page holds nothing of the day, and a wrong PIN opens nothing', async () => {
  await lockNow();
  await holdsNoneOf([...seenToday, ...ALL_WAYBILLS]);
  await enter(WRONG);
  await app.sees(app.text('lock_wrong'));
  await app.find(heading(app, 'lock_title'));
});

step('a parcel that is scanned meanwhile is recorded, and shows no name', async () => {
  await app.tap(button(app, 'lock_scan'));
  await app.find(named('scan-field'));
  await app.wedge(WAYBILL.five[0]);
  await app.find({ css: '[data-testid=scan-result][data-outcome=good]' });
  await app.sees(app.text('scan_count', { count: 1 }));
  await holdsNoneOf(seenToday);
  await app.tap(button(app, 'lock_scan_back'));
});

step('the right PIN opens, and one is where one was', async () => {
  await enter(PIN);
  await app.find(heading(app, 'lock_setting'));
  await goBack(app);
  await app.find(heading(app, 'settings_title'));
  await openTab(app, 'tab_today');
  await openStop(app, day.household.five);
  await app.tap({ role: 'button', says: WAYBILL.five[0] });
  await app.sees(app.text('status_delivery_in_bag'));
});

step('after some wrong ones the wait is told in words, and no PIN is taken', async () => {
  await openLockSetting();
  await lockNow();
  for (let tries = 0; tries < FREE; tries += 1) {
    await until('keys that can be touched', async () => !(await isWaiting()));
    await enter(WRONG);
    await app.sees(app.text('lock_wrong'));
  }
  await until('keys that can be touched', async () => !(await isWaiting()));
  await enter(WRONG);
  await until('wait in words', async () => (await app.seen()).match(waitInWords()));
  assert.equal(await isWaiting(), true);
});

function waitInWords() {
  const [before, after] = app.text('lock_wait', { time: app.text('lock_seconds', { count: '#' }) }).split('#');
  return new RegExp(`${before}\\d+${after}`);
}

step('opened again the app asks for the PIN, and still waits', async () => {
  await app.startAgain();
  await app.find(heading(app, 'lock_title'));
  await holdsNoneOf([...seenToday, ...ALL_WAYBILLS]);
  await enter(PIN);
  await until('wait in words', async () => (await app.seen()).match(waitInWords()));
});

step('when the wait is over the right one opens', async () => {
  await until('end of the wait', async () => !(await isWaiting()), WAIT_S * 1000 + 5_000);
  await enter(PIN);
  await app.find(button(app, 'tab_today'));
  await reveal(app, stopOf(day.household.five));
});
