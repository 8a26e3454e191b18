import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { Clock } from '../src/clock.mjs';
import { Store } from '../src/store.mjs';

test('what a transaction did is in the file, and what it threw away is not', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'saddlebag-node-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'device.json');
  const store = new Store(path);
  store.transaction((state) => {
    state.oneTime.push(2n ** 64n - 1n);
    state.cursor = Uint8Array.of(0, 255);
  });
  assert.throws(() =>
    store.transaction((state) => {
      state.n = 99;
      throw new Error('no');
    }),
  );
  for (const each of [store, new Store(path)]) {
    assert.deepEqual(
      [each.state.n, each.state.oneTime, each.state.cursor],
      [0, [2n ** 64n - 1n], Uint8Array.of(0, 255)],
    );
  }
});

test('a stamp never goes back, and takes county time within the process that learned it', () => {
  let wall = Date.UTC(2006, 0, 1);
  let monotonic = 5_000;
  const clock = new Clock({ wall: () => wall, monotonic: () => monotonic });
  const held = clock.stamp([0, 0]);
  assert.deepEqual([held[1], held[2]], [0, 3]);
  assert.deepEqual(clock.stamp(held), [held[0], 1, 3]);
  const county = Date.UTC(2027, 0, 1);
  clock.learn(county);
  monotonic += 250;
  assert.deepEqual(clock.stamp(held), [county + 250, 0, 0]);
  assert.equal(clock.wallAhead(), wall - county - 250);
  const last = clock.stamp(held);
  assert.deepEqual(clock.adopt(last, [county + 600_250, 2]), [county + 600_250, 2]);
  assert.deepEqual(clock.adopt(last, [county + 600_251, 2]), last);
  wall = Date.UTC(2040, 0, 1);
  const other = new Clock({ wall: () => wall, monotonic: () => monotonic });
  assert.deepEqual(other.stamp([0, 0], county), [county + 400 * 86_400_000, 0, 3]);
});
