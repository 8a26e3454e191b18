// What holds on every screen, in every theme and size.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COURIER } from './a-day.mjs';
import { everyScreen, inEveryLook } from './every-screen.mjs';
import { repository } from './paths.mjs';
import { VISITED } from './tour.mjs';

/** Screens that another test looks at: nothing leads there but a key that is gone. */
const ELSEWHERE = ['store_trouble'];

test('no screen is left out of the tour', () => {
  const routes = readFileSync(join(repository, 'mobile/src/navigation/routes.ts'), 'utf8');
  const [, listed] = routes.match(/interface Routes \{([^}]*(?:\{[^}]*\}[^}]*)*)\n\}/);
  const names = [...listed.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  assert.ok(names.length > 40);
  const isVisited = (name) => VISITED.some((screen) => `${screen}-`.startsWith(`${name.replaceAll('_', '-')}-`));
  assert.deepEqual(names.filter((name) => !isVisited(name)), ELSEWHERE);
});

everyScreen([
  'every screen can be seen, heard and touched, in every theme, on a phone and on a wide window',
  COURIER,
  'zh-Hans',
  inEveryLook,
]);
