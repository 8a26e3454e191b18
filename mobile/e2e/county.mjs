// The real server on a fresh folder, with the places and people of the sample county.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { CommandLinePhone } from './command-line-phone.mjs';
import { repository, built } from './paths.mjs';
import { end } from './processes.mjs';

const BINARY = built('saddlebag-sync-server');
const sample = (name) => join(repository, 'assets/sample-county', name);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const DELIVERY = [
  'waybill',
  'carrier',
  'household',
  'name',
  'phone',
  'address',
  'place',
  'due_from',
  'due_until',
  'pickup_code',
  'cash_fen',
  'flags',
  'medicine',
];

export class County {
  #folder = mkdtempSync(join(tmpdir(), 'saddlebag-county-'));
  #listen = '127.0.0.1:0';
  #server;
  #phones = 0;
  address;

  static async start() {
    const county = new County();
    const first = ['--admin', '管理员', '--admin-key', 'M01'];
    await county.admin('M01', 'county', 'create', '--name', '哈巴河县', '--keys-out', county.#path('keys'), ...first);
    await county.admin('M01', 'places', 'import', sample('places.csv'));
    await county.admin('M01', 'carriers', 'import', sample('carriers.csv'));
    await county.admin('M01', 'people', 'import', sample('colleagues.csv'));
    await county.serve();
    return county;
  }

  #path(name) {
    return join(this.#folder, name);
  }

  /** Starts the server, after a stop at the address that it had. */
  async serve() {
    const args = ['serve', '--data', this.#path('data'), '--listen', this.#listen, '--log', 'warn'];
    this.#server = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.#server.stdout });
    const ended = once(this.#server, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code}`);
    });
    ended.catch(() => {});
    const [line] = await Promise.race([once(lines, 'line'), ended]);
    this.address = line.match(/http:\S+/)[0];
    this.#listen = new URL(this.address).host;
  }

  async stop() {
    if (this.#server) await end(this.#server);
  }

  async end() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Runs a verb as this person; its answer. */
  async admin(as, ...words) {
    const args = ['admin', '--data', this.#path('data'), '--json', '--as', as, ...words];
    const { stdout } = await promisify(execFile)(BINARY, args, { maxBuffer: 1 << 26 });
    return stdout.trim() ? JSON.parse(stdout) : undefined;
  }

  async code(person) {
    return (await this.admin('M01', 'code', person)).code;
  }

  /** What the terminal at the station shows of a person's code: the QR code for their phone too. */
  async shownCode(person) {
    const args = ['admin', '--data', this.#path('data'), '--as', 'M01', 'code', person, '--address', this.address];
    return (await promisify(execFile)(BINARY, args)).stdout;
  }

  /** Households of the sample county, by their keys, with the camps of all their seasons. */
  async households(...keys) {
    await this.importText('households', rowsOf('households.csv', 'key', keys));
    await this.importText('camps', rowsOf('camps.csv', 'household', keys));
  }

  /** A camp at which a household stays at this time of the year. */
  async camp(household, latitude, longitude) {
    const [from, until] = [-DAY, DAY].map((ms) => beijing(Date.now() + ms));
    const row = [`${household}-now`, household, 'winter', from, until, latitude, longitude, '', ''];
    const header = 'key,household,season,valid_from,valid_until,latitude,longitude,landmark,directions';
    await this.importText('camps', [header, row.join(','), ''].join('\n'));
  }

  /** Imports a file's text as a dispatcher. */
  async importText(verb, text) {
    writeFileSync(this.#path(`${verb}.csv`), text);
    return this.admin('D01', verb, 'import', this.#path(`${verb}.csv`));
  }

  /** Parcels that are due from now on, or from then, given to a courier: objects by the columns of a deliveries' file. */
  async parcels(courier, parcels, dueMs = Date.now()) {
    const due = { due_from: beijing(dueMs - HOUR), due_until: beijing(dueMs + 8 * HOUR) };
    const rows = parcels.map((parcel) => {
      const whole = { carrier: 'zhongtong', ...due, ...parcel };
      return DELIVERY.map((column) => whole[column] ?? '').join(',');
    });
    writeFileSync(this.#path('deliveries.csv'), [DELIVERY.join(','), ...rows, ''].join('\n'));
    await this.admin('D01', 'import', 'deliveries', this.#path('deliveries.csv'));
    if (courier) await this.admin('D01', 'assign', ...parcels.map(({ waybill }) => waybill), courier);
  }

  /** An errand for a household, with a shopping list such as `砖茶;quantity=2 块;or_else=方糖`, given to a courier. */
  async errand(clerk, courier, household, shopping) {
    const record = await this.#planned(clerk, 'errand', [`asked_by=${await this.#idOf(household)}`]);
    for (const item of shopping) await this.admin('D01', 'plan', 'add', record, 'shopping', item);
    await this.admin('D01', 'assign', record, courier);
    return record;
  }

  /** A pickup from a household, given to a courier; the fields as the command line takes them. */
  async pickup(clerk, courier, household, ...fields) {
    const record = await this.#planned(clerk, 'pickup', [`household=${await this.#idOf(household)}`, ...fields]);
    await this.admin('D01', 'assign', record, courier);
    return record;
  }

  async #planned(clerk, kind, fields) {
    const due = [`due_from_ms=${Date.now() - HOUR}`, `due_until_ms=${Date.now() + 8 * HOUR}`];
    const { record } = await clerk.run('plan', `new:${kind}`, ...fields, ...due);
    await clerk.run('sync');
    return record;
  }

  async #idOf(key) {
    return (await this.show(key)).record;
  }

  /** What the county has of a record: its status, plan and facts. */
  async show(record) {
    return this.admin('D01', '--why', 'end-to-end test', 'show', record);
  }

  /** A phone of this person that is worked by the command line. */
  async phone(person) {
    this.#phones += 1;
    const phone = new CommandLinePhone(this.#path(`phone-${this.#phones}`));
    await phone.run('enrol', this.address, await this.code(person));
    await phone.run('sync');
    return phone;
  }
}

/** The rows of a sample file with one of these keys, under its header. No cell of these files holds a quoted comma. */
function rowsOf(file, column, keys) {
  const [header, ...rows] = readFileSync(sample(file), 'utf8').trimEnd().split('\n');
  const at = header.split(',').indexOf(column);
  const wanted = rows.filter((row) => keys.includes(row.split(',')[at]));
  return [header, ...wanted, ''].join('\n');
}

function beijing(ms) {
  return new Date(ms + 8 * HOUR).toISOString().replace(/\.\d+Z$/, '+08:00');
}
