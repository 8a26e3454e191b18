// What holds on every screen, in every theme, size and language.
import { after, before } from 'node:test';
import { CLERK, COURIER, morning } from './a-day.mjs';
import { App, DESKTOP, PHONE, scene } from './app.mjs';
import { fitsTheWindow, isAccessible, isArabicScript, isTold, isTouchable } from './checks.mjs';
import { County } from './county.mjs';
import { enrol } from './courier.mjs';
import { clerksTour, firstTour, tour } from './tour.mjs';

const THEMES = ['light', 'dark', 'contrast'];

let county, day, app;
before(async () => {
  county = await County.start();
  day = await morning(county);
});
after(async () => {
  await app?.end();
  await county?.end();
});

/** Every theme on a phone, and one on the station's computer. */
async function inEveryLook(screen) {
  for (const theme of THEMES) {
    await app.setTheme(theme);
    await isAccessible(app, `${screen}, ${theme}`, { strong: theme === 'contrast' });
  }
  await app.setTheme('light');
  await isTouchable(app, screen);
  await fitsTheWindow(app, screen);
  await isTold(app, screen);
  await app.resize(DESKTOP);
  await app.rest();
  await isAccessible(app, `${screen}, wide`);
  await fitsTheWindow(app, `${screen}, wide`);
  await app.resize(PHONE);
  await app.rest();
}

async function fromRightToLeft(screen) {
  await isArabicScript(app, screen);
  await isTold(app, screen);
  await isTouchable(app, screen);
  await fitsTheWindow(app, screen);
  await isAccessible(app, screen);
}

/** Tells of all screens what is wrong with them, not of the first alone. */
function gathering(check) {
  const wrong = [];
  const visit = async (screen) => {
    try {
      await check(screen);
    } catch (error) {
      if (error.code !== 'ERR_ASSERTION') throw error;
      wrong.push(error);
    }
  };
  const judge = () => {
    if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('\n\n'));
  };
  return { visit, judge };
}

async function everyScreen(name, language, check, role = COURIER) {
  await app?.end();
  app = await App.start(name);
  const { visit, judge } = gathering(check);
  if (role === COURIER) await firstTour(app, language, visit);
  await app.startAgain();
  await enrol(app, county.address, await county.code(role), language);
  if (role === COURIER) await tour(app, day, visit);
  else await clerksTour(app, visit);
  judge();
}

const screens = (name, play) => scene(name, () => [app], play);

screens('every screen can be seen, heard and touched, in every theme, on a phone and on a wide window', () =>
  everyScreen('screens-zh', 'zh-Hans', inEveryLook));

screens('every screen is there from right to left, without a letter of the other script', () =>
  everyScreen('screens-kk', 'kk-Arab', fromRightToLeft));

screens('every screen of a clerk', () => everyScreen('screens-clerk', 'zh-Hans', inEveryLook, CLERK));
