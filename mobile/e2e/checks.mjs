// What must hold on every screen, whatever it shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Smallest side of what is touched, in pixels. */
const TOUCHED = 48;

/** axe-core finds nothing against its rules. */
export async function isAccessible(app, screen) {
  await hasNoViolation(app, screen, {});
}

/** Its colours can be told apart: all that another theme changes. `rule` is axe-core's. */
export async function hasContrast(app, screen, rule = 'color-contrast') {
  await hasNoViolation(app, screen, { runOnly: { type: 'rule', values: [rule] } });
}

async function hasNoViolation(app, screen, options) {
  if (!(await app.session.run(() => 'axe' in window))) await app.session.inject(AXE);
  const found = await app.session.runAsync((options, done) => {
    window.axe.run(document, { resultTypes: ['violations'], ...options }).then(
      ({ violations }) =>
        done(violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => node.html.slice(0, 200)) }))),
      (error) => done([{ id: 'axe itself', help: String(error) }]),
    );
  }, options);
  assert.deepEqual(found, [], `axe-core on ${screen}`);
}

/** Everything that is touched is large enough for a glove. A link within a sentence is as high as its line. */
export async function isTouchable(app, screen) {
  const small = await app.session.run((least) => {
    const touched = document.querySelectorAll('button,a[href],input,select,textarea,summary,[role=button],[role=radio],[role=checkbox],[role=switch],[role=tab]');
    const target = (element) => (element.matches('input') && element.closest('label')) || element;
    const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]');
    const isInSentence = (element) => element.matches('a') && getComputedStyle(element).display === 'inline';
    return [...touched]
      .filter((element) => isShown(element) && !isInSentence(element))
      .map((element) => [element.outerHTML.slice(0, 160), target(element).getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 1 && height > 1 && Math.min(width, height) < least - 0.5)
      .map(([html, { width, height }]) => `${Math.round(width)} × ${Math.round(height)}: ${html}`);
  }, TOUCHED);
  assert.deepEqual(small, [], `smaller than ${TOUCHED} px on ${screen}`);
}

/** Nothing is wider than what it stands in: nothing must be pushed aside to be read. */
export async function fitsTheWindow(app, screen) {
  const wide = await app.session.run(() => {
    const scrolls = (one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible';
    const isOutside = ({ left, right }) => left < -1 || right > innerWidth + 1;
    // What only a screen reader tells has no room of its own.
    const isSeen = (one) => one.checkVisibility() && !one.closest('.unseen');
    const all = [...document.documentElement.querySelectorAll('*')].filter(isSeen);
    const said = (one) => one.outerHTML.slice(0, 160);
    return all.filter((one) => scrolls(one) || isOutside(one.getBoundingClientRect())).map(said);
  });
  assert.deepEqual(wide, [], `too wide on ${screen}`);
}

/** Text shown to people, with what only a screen reader tells. */
async function words(app) {
  return app.session.run(() => {
    const told = ['aria-label', 'alt', 'title', 'placeholder'];
    const labels = [...document.querySelectorAll(told.map((name) => `[${name}]`).join())].flatMap((one) =>
      told.map((name) => one.getAttribute(name) ?? ''),
    );
    return [document.body.innerText, ...labels].join('\n');
  });
}

/** Kazakh in Arabic script: from right to left, and no letter of its other script, which an engine's own data has. */
export async function isArabicScript(app, screen) {
  assert.equal(await app.direction(), 'rtl', screen);
  const cyrillic = (await words(app)).split('\n').filter((line) => /\p{Script=Cyrillic}/u.test(line));
  assert.deepEqual(cyrillic, [], `Cyrillic on ${screen}`);
}

/** No key of a text, and no hole in one; a `code` for whoever helps is told beside its words. */
export async function isTold(app, screen, code) {
  const all = (await words(app)).split('\n').map((line) => (code ? line.replace(code, '') : line));
  const untold = all.filter((line) => /\b[a-z]+(_[a-z]+){1,}\b|\{\w+\}|undefined|\bNaN\b|\[object /.test(line));
  assert.deepEqual(untold, [], `not in words on ${screen}`);
}
