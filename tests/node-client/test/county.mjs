// The real server on a temporary folder, with one county, one station and the people that a test asks for.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from '../src/client.mjs';

const STATION =
  'key,kind,name,township,village,latitude,longitude,station,host,keeper,phone,hours,keeping_days,capacity,services,not_direct\n' +
  'S1,station,示例站,,,48.0584100,86.4162900,S1,,,,,,,,\n';

const BINARY = process.env.SADDLEBAG_SYNC_SERVER;

export class County {
  #folder = mkdtempSync(join(tmpdir(), 'saddlebag-node-'));

  static async start(t) {
    if (!BINARY) throw new Error('set SADDLEBAG_SYNC_SERVER to the path of the built saddlebag-sync-server');
    const county = new County();
    t.after(() => county.#stop());
    const path = (name) => join(county.#folder, name);
    writeFileSync(path('places.csv'), STATION);
    const first = ['--admin', '示例管理员', '--admin-key', 'K0'];
    await county.admin('county', 'create', '--name', '示例县', '--keys-out', path('keys'), ...first);
    await county.admin('places', 'import', path('places.csv'));
    await county.#serve();
    return county;
  }

  async #serve() {
    const args = ['serve', '--data', join(this.#folder, 'data'), '--listen', '127.0.0.1:0', '--log', 'warn'];
    this.server = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.server.stdout });
    const ended = once(this.server, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code}`);
    });
    ended.catch(() => {});
    const [line] = await Promise.race([once(lines, 'line'), ended]);
    this.address = line.match(/http:\S+/)[0];
  }

  /** Runs a verb; its answer, from JSON. */
  async admin(...words) {
    const args = ['admin', '--data', join(this.#folder, 'data'), '--json', '--as', 'K0', ...words];
    const { stdout } = await promisify(execFile)(BINARY, args);
    return stdout.trim() ? JSON.parse(stdout) : undefined;
  }

  /** A person of the station. */
  async person(key, role) {
    return this.admin('people', 'add', '--name', `示例${key}`, '--role', role, '--station', 'S1', '--key', key);
  }

  async code(key) {
    return (await this.admin('code', key)).code;
  }

  /** A new device of a person, enrolled. */
  async device(key, options = {}) {
    const device = new Client({ address: this.address, ...options });
    await device.enrol(await this.code(key));
    return device;
  }

  async #stop() {
    if (this.server?.exitCode === null) {
      const gone = once(this.server, 'exit');
      this.server.kill('SIGTERM');
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
