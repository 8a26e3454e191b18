// Every screen in a look: what must hold wherever one goes.
import { after, before } from 'node:test';
import { COURIER, morning } from './a-day.mjs';
import { App, DESKTOP, PHONE, scene } from './app.mjs';
import { fitsTheWindow, hasContrast, isAccessible, isArabicScript, isTold, isTouchable } from './checks.mjs';
import { County } from './county.mjs';
import { enrol } from './courier.mjs';
import { clerksTour, firstTour, tour } from './tour.mjs';

/** Every theme on a phone, and one on the station's computer. */
export async function inEveryLook(app, screen) {
  await app.setTheme('dark');
  await hasContrast(app, `${screen}, dark`);
  await app.setTheme('contrast');
  await hasContrast(app, `${screen}, strong`, 'color-contrast-enhanced');
  await app.setTheme('light');
  await inOneLook(app, screen);
  await app.resize(DESKTOP);
  await app.rest();
  await isAccessible(app, `${screen}, wide`);
  await fitsTheWindow(app, `${screen}, wide`);
  await app.resize(PHONE);
  await app.rest();
}

export async function inOneLook(app, screen) {
  await isTold(app, screen);
  await isTouchable(app, screen);
  await fitsTheWindow(app, screen);
  await isAccessible(app, screen);
}

export async function fromRightToLeft(app, screen) {
  await isArabicScript(app, screen);
  await inOneLook(app, screen);
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

/** Tests of every screen, each for a role that reads a language: `[name, role, language, check]`. */
export function everyScreen(...tests) {
  let county, day, app;
  before(async () => {
    county = await County.start();
    day = await morning(county);
  });
  after(async () => {
    await app?.end();
    await county?.end();
  });
  for (const [name, role, language, check] of tests)
    scene(name, () => [app], async () => {
      await app?.end();
      app = await App.start(`screens-${language}-${role}`);
      const { visit, judge } = gathering((screen) => check(app, screen));
      if (role === COURIER) await firstTour(app, language, visit);
      await app.startAgain();
      await enrol(app, county.address, await county.code(role), language);
      await (role === COURIER ? tour(app, day, visit) : clerksTour(app, visit));
      judge();
    });
}
