// Every screen, and how a person comes to it.
import { WAYBILL } from './a-day.mjs';
import { ESCAPE } from './app.mjs';
import { button, chooseLanguage, named, nextAct, openTab, radio, reveal, row, stopOf, textbox } from './courier.mjs';

/** A step of a way: what is touched, or a function that does more. */
const on = (key) => (app) => app.tap(row(app, key));
const press = (key) => (app) => app.tap(button(app, key));
const choose = (key) => (app) => app.tap(radio(app, key));
const stop = (what) => async (app, day) => {
  await reveal(app, stopOf(day.household[what]));
  await app.tap(stopOf(day.household[what]));
  await app.find(row(app, 'stop_household'));
};
const parcel = (waybill) => (app) => app.tap({ role: 'button', says: waybill });
const act = (app) => app.tap(nextAct);

const TODAY = [
  ['today'],
  ['order', async (app) => app.tap({ role: 'button', says: app.text('today_change_order', { name: '' }) })],
  ['stop', stop('five')],
  ['deliver', stop('five'), act],
  ['deliver-signature', stop('five'), act, choose('deliver_proof_signature')],
  ['deliver-code', stop('five'), act, choose('deliver_proof_code')],
  ['deliver-proxy', stop('proxy'), act, choose('deliver_to_proxy')],
  ['not-delivered', stop('absent'), press('stop_could_not')],
  ['call', stop('five'), press('stop_call')],
  ['message', stop('five'), press('stop_message')],
  ['map', stop('five'), press('stop_map')],
  ['delivery', stop('five'), parcel(WAYBILL.five[0])],
  ['errand', stop('errand'), on('stop_do_errand')],
  ['pickup', stop('pickup'), on('stop_do_pickup')],
  ['household', stop('five'), on('stop_household')],
  ['household-data', stop('five'), on('stop_household'), on('household_my_data')],
  ['new-consent', stop('five'), on('stop_household'), on('household_consent_give')],
  ['new-camp', stop('five'), on('stop_household'), on('household_camp_add')],
];

const SCAN = [
  ['scan'],
  ['load-out', on('scan_to_load')],
  ['load-out-unknown', on('scan_to_load'), async (app) => {
    await app.find(named('scan-field'));
    await app.wedge('SBZT9900000001');
    await app.find({ css: '[data-outcome]' });
  }],
  ['return', on('scan_to_return')],
  ['hand-over', on('scan_to_hand_over')],
  ['take-over', on('scan_to_take_over')],
];

const SEARCH = [
  ['search'],
  ['search-found', async (app) => {
    const field = (await app.isThere({ role: 'searchbox' })) ? { role: 'searchbox' } : { role: 'textbox' };
    await app.type(field, 'SBZT88');
    await app.find({ role: 'button', says: 'SBZT88' });
  }],
];

const MORE = [
  ['more'],
  ['new', on('new_title')],
  ['new-parcel', on('new_title'), on('new_parcel_what')],
  ['new-pickup', on('new_title'), on('new_pickup_what')],
  ['new-errand', on('new_title'), on('new_errand_what')],
  ['new-household', on('new_title'), on('new_household_what')],
  ['new-tip', on('new_title'), on('new_tip_what')],
  ['new-appeal', on('new_title'), on('new_appeal_what')],
  ['cash', on('cash_title')],
  ['pass-cash', on('cash_title'), on('cash_pass')],
  ['take-cash', on('cash_title'), on('cash_take')],
  ['hand-in', on('cash_title'), on('cash_hand_in')],
  ['households', on('household_list_title')],
  ['places', on('places_title')],
  ['tips-and-appeals', on('tip_list_title')],
  ['whom-to-ask', on('ask_title')],
  ['settings', on('settings_title')],
  ['lock-setting', on('settings_title'), on('lock_setting')],
  ['this-device', on('settings_title'), on('device_title')],
  ['privacy', on('settings_title'), on('privacy_title')],
  ['about', on('settings_title'), on('about_title')],
];

const SYNC = [['sync']];

const CLERK = [
  ['tab_scan_in', ['clerk-scan-in']],
  ['tab_hand_out', ['clerk-hand-out']],
  ['tab_count', ['clerk-count-cash']],
];

async function walk(app, day, tab, [screen, ...way], visit) {
  if (await app.isThere({ role: 'dialog' })) await app.press(ESCAPE);
  await app.gone({ role: 'dialog' });
  await openTab(app, tab);
  for (const step of way) await step(app, day);
  await app.rest();
  await visit(screen);
}

/** Goes to every screen of a courier who has a day before them; `visit` is told the name of each. */
export async function tour(app, day, visit) {
  const tabs = { tab_today: TODAY, tab_scan: SCAN, tab_search: SEARCH, tab_more: MORE, tab_sync: SYNC };
  for (const [tab, ways] of Object.entries(tabs)) for (const way of ways) await walk(app, day, tab, way, visit);
}

/** The same of a station's clerk. */
export async function clerksTour(app, visit) {
  for (const [tab, way] of CLERK) await walk(app, undefined, tab, way, visit);
}

/** Before anybody is enrolled; ends before the device asks the county. */
export async function firstTour(app, language, visit) {
  await app.find(button(app, 'enrol_language_en'));
  await app.rest();
  // Nobody has chosen a language yet: it is always the same.
  if (language === app.language) await visit('enrol-language');
  await chooseLanguage(app, language);
  await app.rest();
  await visit('enrol-code');
  await app.type(textbox(app, 'enrol_address'), 'https://sync.example:8470');
  await app.type(textbox(app, 'enrol_code'), 'DHF9-PEYQ-PNAV');
  await app.tap(button(app, 'enrol_next'));
  await app.rest();
  await visit('enrol-what');
}
