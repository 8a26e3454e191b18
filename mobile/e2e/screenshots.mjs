// Pictures of every screen in both sizes, light and dark, Chinese and Kazakh: screenshots.mjs [SCREENS [LANGUAGE…]], with a
// regular expression of their names.
import { copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLERK, COURIER, morning } from './a-day.mjs';
import { App, DESKTOP, PHONE } from './app.mjs';
import { County } from './county.mjs';
import { enrol } from './courier.mjs';
import { leftIn, repository } from './paths.mjs';
import { withPalette } from './picture.mjs';
import { clerksTour, firstTour, tour } from './tour.mjs';

const [only, ...others] = process.argv.slice(2);
const LANGUAGES = others.length > 0 ? others : ['zh-Hans', 'kk-Arab'];
const SIZES = { phone: PHONE, desktop: DESKTOP };
const THEMES = ['light', 'dark'];
/** A picture must not weigh more in bytes. */
const MOST = 60_000;
/** Those that are kept beside the documentation. */
const SHOWN = join(repository, 'docs/screenshots');

const out = leftIn('screenshots');

async function take(app, screen) {
  if (only && !new RegExp(`^(${only})$`).test(screen)) return;
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    await app.resize([width, height]);
    for (const theme of THEMES) {
      await app.setTheme(theme);
      await app.rest();
      const name = `${screen}-${size}-${theme}-${app.language}.png`;
      const png = withPalette(await app.session.screenshot());
      if (png.length > MOST) console.error(`${name} is ${png.length} bytes`);
      writeFileSync(join(out, name), png);
    }
  }
  await app.resize(PHONE);
}

async function takeAll(county, day, language) {
  for (const role of [COURIER, CLERK]) {
    const app = await App.start(`screenshots-${language}-${role}`);
    const visit = (screen) => take(app, screen);
    try {
      if (role === COURIER) await firstTour(app, language, visit);
      await app.startAgain();
      await enrol(app, county.address, await county.code(role), language);
      await (role === COURIER ? tour(app, day, visit) : clerksTour(app, visit));
    } finally {
      await app.end();
    }
  }
}

const county = await County.start();
try {
  const day = await morning(county);
  for (const language of LANGUAGES) await takeAll(county, day, language);
} finally {
  await county.end();
}
for (const name of existsSync(SHOWN) ? readdirSync(SHOWN) : []) {
  if (existsSync(join(out, name))) copyFileSync(join(out, name), join(SHOWN, name));
}
const taken = readdirSync(out);
const bytes = taken.reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
console.log(`${taken.length} pictures in ${out}, ${Math.round(bytes / 1024)} kB`);
