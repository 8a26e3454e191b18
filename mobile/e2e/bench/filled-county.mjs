// A county with one courier who has so many parcels, and a phone enrolled by hand as a courier would.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { County } from '../county.mjs';
import { built } from '../paths.mjs';

const COURIER = 'C05';
const SEED = '11';
const DAY = 86_400_000;

/** A county where one courier carries `all` parcels, `today` of them due today, each to a household of its own. */
export async function filledCounty(all, today) {
  const folder = mkdtempSync(join(tmpdir(), 'saddlebag-bench-'));
  const sizes = ['--seed', SEED, '--households', String(all), '--deliveries', '1', '--out', folder];
  await promisify(execFile)(built('generate'), ['county', ...sizes]);
  const county = await County.start();
  const households = readFileSync(join(folder, 'households.csv'), 'utf8');
  const [columns, ...rows] = households.trimEnd().split('\n').map((row) => row.split(','));
  await county.importText('households', households);
  await county.importText('camps', readFileSync(join(folder, 'camps.csv'), 'utf8'));
  const cell = (row, name) => row[columns.indexOf(name)];
  const parcels = rows.map((row, at) => ({
    waybill: `SBZT${String(at).padStart(10, '0')}`,
    household: cell(row, 'key'),
    phone: cell(row, 'phones').split(';')[0],
    place: cell(row, 'station'),
    cash_fen: at % 10 === 0 ? 12_000 : 0,
    flags: at % 25 === 0 ? 'cold_chain' : at % 20 === 0 ? 'urgent' : '',
  }));
  await county.parcels(COURIER, parcels.slice(0, today));
  if (today < all) await county.parcels(COURIER, parcels.slice(today), Date.now() + 3 * DAY);
  rmSync(folder, { recursive: true });
  return county;
}

export const courierOf = (county) => county.code(COURIER);
