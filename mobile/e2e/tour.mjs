// Every screen, and how a person comes to it.
import { NAME, STATION_NAME, WAYBILL } from './a-day.mjs';
import { ENTER, ESCAPE } from './app.mjs';
import { button, chooseLanguage, enterPin, heading, named, nextAct, openTab, radio, reveal, row, stopOf, textbox } from './courier.mjs';

const PIN = '135790';

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
const write = (key, text) => (app) => app.type(textbox(app, key), text);
const sees = (key) => (app) => app.sees(app.text(key));
const scan = (waybill) => async (app) => {
  await app.type(named('scan-field'), waybill + ENTER);
  await app.find({ css: '[data-outcome]' });
};

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
  ['phone', stop('five'), on('stop_household'), on('household_phone_add')],
  ['forget', stop('five'), on('stop_household'), on('household_my_data'), press('household_forget')],
];

const SCAN = [
  ['scan'],
  ['load-out', on('scan_to_load')],
  ['load-out-unknown', on('scan_to_load'), scan('SBZT9900000001')],
  ['load-out-good', on('scan_to_load'), scan(WAYBILL.undone[0])],
  ['return-to-station', on('scan_to_return')],
  ['hand-over', on('scan_to_hand_over')],
  ['take-over', on('scan_to_take_over')],
];

/** With what is in the bag. */
const inBag = [stop('undone'), parcel(WAYBILL.undone[0])];
const errand = [stop('errand'), on('stop_do_errand')];
const pickup = [stop('pickup'), on('stop_do_pickup')];

const DOING = [
  ['delivery-in-bag', ...inBag],
  ['refused', ...inBag, on('act_refuse')],
  ['temperature', ...inBag, on('act_temperature')],
  ['colleague', ...inBag, on('act_hand_over')],
  ['damaged', ...inBag, on('act_damaged')],
  ['correct', ...inBag, on('act_damaged'), press('act_save'), async (app) => {
    const what = app.text('history_delivery_damaged');
    await app.tap(button(app, 'history_correct_named', { what }));
  }],
  ['errand-under-way', ...errand, press('errand_accept'), sees('errand_take_advance')],
  ['advance', ...errand, press('errand_take_advance')],
  ['buy', ...errand, (app) => app.tap(button(app, 'errand_next', { what: '砖茶' }))],
  ['errand-cancel', ...errand, press('errand_cancel')],
  ['identity', ...pickup, on('pickup_duty_identity_checked')],
  ['weigh', ...pickup, on('pickup_duty_weighed')],
  ['pickup-temperature', ...pickup, press('pickup_temperature_measure')],
  ['done-today', stop('undone'), act, press('deliver_save'), (app) => openTab(app, 'tab_today'), (app) => app.tap({ css: '.progress button' })],
];

const SEARCH = [
  ['search'],
  ['search-found', async (app) => {
    const field = (await app.isThere({ role: 'searchbox' })) ? { role: 'searchbox' } : { role: 'textbox' };
    await app.type(field, 'SBZT88');
    await app.find({ role: 'button', says: 'SBZT88' });
  }],
];

/** One of many places. */
const station = [write('places_find', STATION_NAME), (app) => app.tap({ role: 'button', says: STATION_NAME })];

/** Sends one, and opens it from the list. */
const reported = (what) => [
  on('new_title'),
  on(`new_${what}_what`),
  on(what === 'tip' ? 'tip_kind_bridge' : 'appeal_kind_equipment'),
  ...(what === 'tip' ? [on('tip_where_place'), ...station] : []),
  write(`${what}_words`, '桥上的栏杆断了'),
  press(`${what}_send`),
  (app) => openTab(app, 'tab_more'),
  on('tip_list_title'),
  on(what === 'tip' ? 'tip_kind_bridge' : 'appeal_kind_equipment'),
];

const MORE = [
  ['more'],
  ['new', on('new_title')],
  ['new-delivery', on('new_title'), on('new_parcel_what')],
  ['new-pickup', on('new_title'), on('new_pickup_what')],
  ['new-errand', on('new_title'), on('new_errand_what')],
  ['new-household', on('new_title'), on('new_household_what')],
  ['camp-of', on('new_title'), on('new_camp_what')],
  ['new-tip', on('new_title'), on('new_tip_what')],
  ['place-picker', on('new_title'), on('new_tip_what'), on('tip_where_place')],
  ['new-appeal', on('new_title'), on('new_appeal_what')],
  ['cash', on('cash_title')],
  ['pass-cash', on('cash_title'), on('cash_pass')],
  ['take-cash', on('cash_title'), on('cash_take')],
  ['hand-in', on('cash_title'), on('cash_hand_in')],
  ['hand-in-number', on('cash_title'), on('cash_hand_in'), write('cash_sum', '20'), press('cash_hand_in_act')],
  ['cash-lines', on('cash_title')],
  ['households', on('household_list_title')],
  ['places', on('places_title')],
  ['place', on('places_title'), ...station],
  ['tips-and-appeals', on('tip_list_title')],
  ['tip', ...reported('tip')],
  ['appeal', ...reported('appeal')],
  ['whom-to-ask', on('ask_title')],
  ['settings', on('settings_title')],
  ['lock-setting', on('settings_title'), on('lock_setting')],
  ['this-device', on('settings_title'), on('device_title')],
  ['privacy', on('settings_title'), on('privacy_title')],
  ['about', on('settings_title'), on('about_title')],
];

const SYNC = [['sync']];

const LEGS = [
  ['tab_today', TODAY],
  ['tab_scan', SCAN],
  ['tab_today', DOING],
  ['tab_search', SEARCH],
  ['tab_more', MORE],
  ['tab_sync', SYNC],
];

const CLERK = [
  ['tab_scan_in', ['scan-in']],
  ['tab_scan_in', ['scan-in-good', scan(WAYBILL.proxy[0])]],
  ['tab_hand_out', ['hand-out']],
  ['tab_hand_out', ['hand-out-to', (app) => app.tap({ role: 'button', says: NAME.courier })]],
  ['tab_hand_out', ['courier-sheet', (app) => app.tap({ role: 'button', says: NAME.courier }), press('clerk_other_courier')]],
  ['tab_count', ['count-cash']],
  ['tab_count', ['count-cash-of', (app) => app.tap({ role: 'button', says: NAME.courier })]],
  ['tab_search', ['clerk-search']],
  ['tab_sync', ['clerk-sync']],
  ['tab_more', ['clerk-more']],
];

/** The names of all screens, and of what is to be seen on them, that a tour goes to. */
export const VISITED = [
  ...['enrol-language', 'enrol-code', 'enrol-what', 'pin', 'lock', 'lock-scan'],
  ...LEGS.flatMap(([, ways]) => ways.map(([screen]) => screen)),
  ...CLERK.map(([, [screen]]) => screen),
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
  for (const [tab, ways] of LEGS) for (const way of ways) await walk(app, day, tab, way, visit);
  await lockedTour(app, day, visit);
}

/** Behind the PIN, and back. */
async function lockedTour(app, day, visit) {
  const locking = [on('settings_title'), on('lock_setting'), press('lock_set')];
  await walk(app, day, 'tab_more', ['pin', ...locking], visit);
  for (const again of ['lock_enter_again', 'lock_is_set']) {
    await enterPin(app, PIN);
    await app.sees(app.text(again));
  }
  await app.tap(button(app, 'lock_now'));
  await app.find(heading(app, 'lock_title'));
  await app.rest();
  await visit('lock');
  await app.tap(button(app, 'lock_scan'));
  await app.rest();
  await visit('lock-scan');
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
