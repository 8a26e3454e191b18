// A desktop session's key store: a bus of its own, and GNOME Keyring on it with a keyring that is open.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { end } from './processes.mjs';
import { until } from './until.mjs';

const BUS = join(import.meta.dirname, 'session-bus.conf');
const HAS_OWNER = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner'];

export class KeyStore {
  #folder = mkdtempSync(join(tmpdir(), 'saddlebag-keys-'));
  #bus;
  #keyring;
  /** Variables by which a program finds it. */
  surroundings;

  static async start() {
    const store = new KeyStore();
    store.#bus = spawn('dbus-daemon', [`--config-file=${BUS}`, '--nofork', '--print-address'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [address] = await once(createInterface({ input: store.#bus.stdout }), 'line');
    store.surroundings = { DBUS_SESSION_BUS_ADDRESS: address };
    await store.open();
    return store;
  }

  async open() {
    const home = { HOME: this.#folder, XDG_DATA_HOME: join(this.#folder, 'share'), XDG_RUNTIME_DIR: this.#folder };
    const env = { ...process.env, ...this.surroundings, ...home };
    this.#keyring = spawn('gnome-keyring-daemon', ['--foreground', '--components=secrets', '--unlock'], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#keyring.stdin.end('a password');
    await until('key store', async () => {
      const asked = await promisify(execFile)('dbus-send', [...HAS_OWNER, 'string:org.freedesktop.secrets'], { env });
      return asked.stdout.includes('boolean true');
    });
  }

  /** As when its owner signs out. */
  async close() {
    await end(this.#keyring);
  }

  async end() {
    for (const program of [this.#keyring, this.#bus]) if (program) await end(program);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
