// Codes that are read from a picture: the county's on the terminal at the station, and a parcel's on its label.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COURIER } from './a-day.mjs';
import { App, story } from './app.mjs';
import { County } from './county.mjs';
import { chooseLanguage, enterCounty, openTab, picture, row, startWork, sync } from './courier.mjs';
import { blank, label, qrOnTerminal } from './printed-codes.mjs';

const WAYBILL = 'SBZT7500000001';

let county, app;
const folder = mkdtempSync(join(tmpdir(), 'saddlebag-pictures-'));
before(async () => {
  county = await County.start();
  await county.households('H0005');
  await county.parcels(COURIER, [{ waybill: WAYBILL, household: 'H0005', phone: '12455600010', place: 'S003' }]);
  app = await App.start('pictures');
});
after(async () => {
  await app?.end();
  await county?.end();
  rmSync(folder, { recursive: true, force: true });
});

const step = story(() => [app]);

function kept(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

step('a picture that is not of an enrolment says what is wrong with it', async () => {
  await chooseLanguage(app, 'zh-Hans');
  const wrong = { none: blank(), other: label(WAYBILL), unfit: 'not a picture' };
  for (const [what, bytes] of Object.entries(wrong)) {
    await app.choose(picture(app, 'enrol_picture'), kept(`${what}.png`, bytes));
    await app.sees(app.text(`enrol_picture_${what}`));
  }
});

step('a phone enrols by a picture of the code that the terminal shows', async () => {
  const shown = await county.shownCode(COURIER);
  await app.choose(picture(app, 'enrol_picture'), kept('enrolment.png', qrOnTerminal(shown)));
  await app.sees(app.text('enrol_picture_read'));
  await enterCounty(app);
  await startWork(app);
});

step('a parcel is loaded out by a picture of its label', async () => {
  await openTab(app, 'tab_scan');
  await app.tap(row(app, 'scan_to_load'));
  await app.choose(picture(app, 'scan_picture'), kept('blank.png', blank()));
  await app.sees(app.text('scan_picture_none'));
  await app.choose(picture(app, 'scan_picture'), kept('label.png', label(WAYBILL)));
  await app.find({ css: '[data-testid=scan-result][data-outcome=good]' });
  await app.sees(WAYBILL);
  await app.sees(app.text('scan_count', { count: 1 }));
  await sync(app);
  assert.equal((await county.show(WAYBILL)).status.state, 'in_bag');
});
