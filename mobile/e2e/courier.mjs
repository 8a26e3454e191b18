// What a courier does on the screens, in the words of the screens.

const LANGUAGE_KEY = { 'zh-Hans': 'enrol_language_zh_hans', 'kk-Arab': 'enrol_language_kk_arab', en: 'enrol_language_en' };

const button = (app, key, parameters) => ({ role: 'button', name: app.text(key, parameters) });
const field = (app, key) => ({ role: 'textbox', name: app.text(key) });
export const heading = (app, key, parameters) => ({ role: 'heading', name: app.text(key, parameters) });

/** On the first screen of all. */
export async function chooseLanguage(app, language) {
  await app.tap({ role: 'button', name: app.text(LANGUAGE_KEY[language]) });
  app.language = language;
  await app.find(heading(app, 'enrol_code_title'));
}

/** From the first screen to Today, with all that the county has for this person. */
export async function enrol(app, address, code, language = 'zh-Hans') {
  await chooseLanguage(app, language);
  await app.type(field(app, 'enrol_address'), address);
  await app.type(field(app, 'enrol_code'), code);
  await app.tap(button(app, 'enrol_next'));
  await app.find(heading(app, 'enrol_what_title'));
  await app.tap(button(app, 'enrol_act'));
  await app.tap(button(app, 'enrol_start'));
  await app.find({ role: 'button', name: app.text('tab_today') });
}
