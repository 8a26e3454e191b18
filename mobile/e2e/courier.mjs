// What a courier does on the screens, in the words of the screens.
import { until } from './until.mjs';

const LANGUAGE_KEY = { 'zh-Hans': 'enrol_language_zh_hans', 'kk-Arab': 'enrol_language_kk_arab', en: 'enrol_language_en' };

export const button = (app, key, parameters) => ({ role: 'button', name: app.text(key, parameters) });
export const textbox = (app, key) => ({ role: 'textbox', name: app.text(key) });
export const radio = (app, key) => ({ role: 'radio', name: app.text(key) });
export const heading = (app, key, parameters) => ({ role: 'heading', name: app.text(key, parameters) });
export const dialog = (app, key) => ({ role: 'dialog', name: app.text(key) });
export const row = (app, key) => ({ role: 'button', says: app.text(key) });
export const named = (testid) => ({ css: `[data-testid=${testid}]` });
export const picture = (app, key) => ({ css: 'input[type=file]', name: app.text(key) });
export const nextAct = named('next-act');
export const stopOf = (household) => ({ css: `[data-testid=stop-card][data-key*="${household}"]` });

/** On the first screen of all. */
export async function chooseLanguage(app, language) {
  await app.tap({ role: 'button', name: app.text(LANGUAGE_KEY[language]) });
  app.language = language;
  await app.find(heading(app, 'enrol_code_title'));
}

/** From the first screen to where the app fetches what the county has for this person. */
export async function askToEnrol(app, address, code, language = 'zh-Hans') {
  await chooseLanguage(app, language);
  await app.type(textbox(app, 'enrol_address'), address);
  await app.type(textbox(app, 'enrol_code'), code);
  await enterCounty(app);
}

/** From a code that was typed or read to where the app fetches what the county has. */
export async function enterCounty(app) {
  await app.tap(button(app, 'enrol_next'));
  await app.find(heading(app, 'enrol_what_title'));
  await app.tap(button(app, 'enrol_act'));
}

/** From the first screen to Today, with all that the county has for this person. */
export async function enrol(app, address, code, language = 'zh-Hans') {
  await askToEnrol(app, address, code, language);
  await startWork(app);
}

export async function startWork(app) {
  await app.tap(button(app, 'enrol_start'));
  await app.find(button(app, 'tab_more'));
}

export async function openTab(app, key) {
  await app.tap({ css: 'nav button', name: app.text(key) });
}

/** The stops on Today by their keys, in their order, however far down. */
export async function stopsInOrder(app) {
  const found = new Map();
  await app.session.run(() => (document.querySelector('.body').scrollTop = 0));
  await until('end of the stops', async () => {
    await app.rest();
    const { cards, isAtEnd } = await app.session.run(() => {
      const body = document.querySelector('.body');
      const isAtEnd = body.scrollTop + body.clientHeight >= body.scrollHeight - 1;
      const cards = [...document.querySelectorAll('[data-testid=stop-card]')];
      const numbered = cards.map((card) => [Number(card.querySelector('.number').textContent), card.dataset.key]);
      body.scrollTop += body.clientHeight / 2;
      return { cards: numbered, isAtEnd };
    });
    for (const [number, key] of cards) found.set(number, key);
    return isAtEnd;
  });
  return [...found].sort(([a], [b]) => a - b).map(([, key]) => key);
}

/** Waits until Today has the stops of these households, or other parts of their keys, and no other. */
export async function hasStopsOf(app, parts) {
  await until(`stops of ${parts.join(', ')} alone`, async () => {
    const keys = await stopsInOrder(app);
    return keys.length === parts.length && parts.every((part) => keys.some((key) => key.includes(part)));
  });
}

/** Scrolls until it is there: what is far down a long list is not drawn. */
export async function reveal(app, what) {
  await until(`${JSON.stringify(what)}, however far down`, async () => {
    if (await app.isThere(what)) return true;
    await app.session.run(() => {
      const body = document.querySelector('.body');
      const isAtEnd = body.scrollTop + body.clientHeight >= body.scrollHeight - 1;
      body.scrollTop = isAtEnd ? 0 : body.scrollTop + body.clientHeight / 2;
    });
    return false;
  });
}

export async function openStop(app, household) {
  await reveal(app, stopOf(household));
  await app.tap(stopOf(household));
  await app.find(button(app, 'stop_household'));
}

/** On a stop: all that is ticked, to the addressee, by their name. */
export async function handOver(app) {
  await app.tap(nextAct);
  await app.tap(button(app, 'deliver_save'));
  await app.find(button(app, 'undo'));
}

/** On a stop: all that is ticked, to the addressee, who signs. */
export async function handOverSigned(app) {
  await app.tap(nextAct);
  await app.tap(radio(app, 'deliver_proof_signature'));
  await sign(app);
  await app.tap(button(app, 'deliver_save'));
  await app.find(button(app, 'undo'));
}

/** Three strokes on the pad, seen by the app. */
export async function sign(app) {
  const pad = await app.find(named('signature-pad'));
  const { x, y, width, height } = await app.session.run((pad) => {
    pad.scrollIntoView({ block: 'center' });
    return pad.getBoundingClientRect().toJSON();
  }, pad);
  const at = (right, down) => [Math.round(x + right * width), Math.round(y + down * height)];
  await app.session.draw([at(0.2, 0.3), at(0.3, 0.7), at(0.4, 0.3)]);
  await app.session.draw([at(0.5, 0.3), at(0.6, 0.7), at(0.7, 0.4)]);
  await app.find(button(app, 'signature_wipe'));
}

/** On a stop: all that is ticked could not be delivered. */
export async function failWith(app, reason) {
  await app.tap(button(app, 'stop_could_not'));
  await app.tap(button(app, `failure_reason_${reason}`));
  await app.find(button(app, 'undo'));
}

export async function goBack(app) {
  await app.tap(button(app, 'back'));
}

/** On Sync: exchanges all that is new, and waits until the county has all. */
export async function sync(app) {
  await openTab(app, 'tab_sync');
  await app.tap(button(app, 'sync_now'));
  await app.sees(app.text('sync_done'));
}

export const pinKey = (digit) => ({ role: 'button', name: digit });

/** On the keys of the screen: digits that come as fast as a scanner's are no PIN. */
export async function enterPin(app, pin) {
  for (const digit of pin) await app.tap(pinKey(digit));
}
