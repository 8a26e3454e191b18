// What the app weighs and how long a courier waits for it, each beside what is measured in the same run.
// Needs `cargo build --release` of the app, its bare window, the server and the generator, and the built front end.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App } from '../app.mjs';
import { askToEnrol, button } from '../courier.mjs';
import { repository } from '../paths.mjs';
import { until } from '../until.mjs';
import { courierOf, filledCounty } from './filled-county.mjs';
import { memory } from './memory.mjs';
import { median, quantile } from './quantile.mjs';
import { frameGaps, height, makeEmpty } from './scroll.mjs';
import { firstPaint, firstSight } from './start.mjs';
import { table } from './table.mjs';
import { failAgainAndAgain, tapEmptyPage } from './tap.mjs';

const STARTS = 7;
const TAPS = 60;
const TURNS = 6;
const FEW = 1_000;
const MANY = 10_000;
/** Of so many parcels a courier carries today as many as on a full day. */
const TODAY = 150;
const MOBILE = join(repository, 'mobile');
const STOP = '[data-testid=stop-card]';
const BARE = 'examples/bare_window';
/** How long the county may take to send all of them. */
const FIRST_SYNC_MS = 600_000;

const rows = table();

async function withEnrolled(all, today, measure) {
  const county = await filledCounty(all, today);
  const app = await App.start(`bench-${all}`);
  try {
    await askToEnrol(app, county.address, await courierOf(county));
    await until('end of the first sync', () => app.isThere(button(app, 'enrol_start')), FIRST_SYNC_MS);
    await app.tap(button(app, 'enrol_start'));
    await app.find({ css: STOP });
    await measure(app);
  } finally {
    await app.end();
    await county.end();
  }
}

async function withBareWindow(measure) {
  const bare = await App.start('bench-bare', { binary: BARE });
  try {
    return await measure(bare);
  } finally {
    await bare.end();
  }
}

async function sizes() {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sizes', '--prefix', MOBILE]);
  const { first_load: first, all_screens: all } = JSON.parse(stdout);
  rows.add('front end, brotli: first load', first / 1024, 'kB', '', 100);
  rows.add('front end, brotli: all screens', all / 1024, 'kB', '', 200);
}

/** One after the other in turns, so that both meet the same machine. */
async function starts(app) {
  const [ours, bare] = [[], []];
  for (let run = 0; run < STARTS; run += 1) {
    await app.close();
    await app.openAsItIs();
    ours.push(await firstSight(app, STOP));
    bare.push(await withBareWindow(firstPaint));
  }
  const [seen, painted] = [median(ours), median(bare)];
  const beside = `the bare window's first paint: ${painted.toFixed(0)} ms`;
  rows.add(`start to a usable Today, ${FEW} records`, seen, 'ms', beside, 1.5 * painted + 500);
}

async function scrolling(app) {
  const [ours, empty] = [[], []];
  await withBareWindow(async (bare) => {
    await makeEmpty(bare, await height(app));
    for (let turn = 0; turn < TURNS; turn += 1) {
      ours.push(...(await frameGaps(app)));
      empty.push(...(await frameGaps(bare)));
    }
  });
  const [slow, least] = [quantile(ours, 0.95), quantile(empty, 0.95)];
  const beside = `an empty page as long: ${least.toFixed(1)} ms`;
  rows.add(`scrolling ${FEW} stops: p95 gap between frames`, slow, 'ms', beside, 2 * least);
}

async function taps(app) {
  const took = await failAgainAndAgain(app, TAPS);
  const least = await withBareWindow((bare) => tapEmptyPage(bare, TAPS));
  const beside = `median ${median(took).toFixed(0)} ms; on an empty page: ${quantile(least, 0.95).toFixed(0)} ms`;
  rows.add(`a tap that records a fact, ${MANY} records: p95`, quantile(took, 0.95), 'ms', beside, 100);
}

/** One alone and then the other alone. */
async function weighing(app) {
  await app.close();
  const empty = await withBareWindow(memory);
  await app.open();
  await app.find({ css: STOP });
  const [ours, bare] = [await memory(app), empty].map((bytes) => bytes / 2 ** 20);
  const beside = `${ours.toFixed(0)} MB, the bare window ${bare.toFixed(0)} MB`;
  rows.add(`memory of all processes (PSS), ${MANY} records, over the bare window`, ours - bare, 'MB', beside, 80);
}

try {
  await sizes();
  await withEnrolled(FEW, FEW, async (app) => {
    await scrolling(app);
    await starts(app);
  });
  await withEnrolled(MANY, TODAY, async (app) => {
    await weighing(app);
    await taps(app);
  });
} finally {
  if (!rows.print()) process.exitCode = 1;
}
