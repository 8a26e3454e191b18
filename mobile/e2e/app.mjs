// The built app in its real webview, on a data folder of its own: a phone that can be used, crashed and opened again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Driver } from './driver.mjs';
import { locate, seenText } from './locate.mjs';
import { built, leftIn } from './paths.mjs';
import { isRunning } from './processes.mjs';
import { say } from './texts.mjs';
import { until } from './until.mjs';

export const ENTER = '\uE007';
export const ESCAPE = '\uE00C';
export const PHONE = [390, 844];
export const DESKTOP = [1280, 800];

export class App {
  #name;
  #folder = mkdtempSync(join(tmpdir(), 'saddlebag-app-'));
  #driver;
  #session;
  #size;
  #binary;
  language = 'zh-Hans';
  /** How often the screen was touched, and how many characters were typed. */
  taps = 0;
  typed = 0;

  /**
   * Opens the app for the first time. `name` says whose it is, in what a failed test leaves; `surroundings` are
   * variables of the environment that are not the tests' own.
   */
  static async start(name, { size = PHONE, binary = 'saddlebag-app', surroundings = {} } = {}) {
    const app = new App();
    app.#name = name;
    app.#size = size;
    app.#binary = binary;
    const folders = { XDG_DATA_HOME: app.#folder, XDG_CONFIG_HOME: app.#folder, XDG_CACHE_HOME: app.#folder };
    const env = { ...process.env, ...surroundings, ...folders, TAURI_AUTOMATION: 'true', TAURI_WEBVIEW_AUTOMATION: 'true' };
    app.#driver = await Driver.start(env, join(leftIn('e2e'), `${name}.log`));
    try {
      await app.open();
    } catch (error) {
      await app.end();
      throw error;
    }
    return app;
  }

  async open() {
    await this.openAsItIs();
    await this.resize(this.#size);
  }

  /** Opens it in the size that it takes by itself, which is sooner there. */
  async openAsItIs() {
    this.#session = await this.#driver.open(built(this.#binary));
    await this.#session.allowScripts(30_000);
  }

  get session() {
    return this.#session;
  }

  async resize(size) {
    this.#size = size;
    await this.#session.resize(...size);
  }

  async close() {
    await this.#session.close();
  }

  async startAgain() {
    await this.close();
    await this.open();
  }

  /** Shows the same in another theme, without a way through the settings. */
  async setTheme(theme) {
    await this.#session.run((theme) => {
      document.documentElement.dataset.theme = theme;
    }, theme);
  }

  /** Ends the app as a crash or a dead battery does: nothing of it may still write. */
  async crash() {
    process.kill(this.#session.pid, 'SIGKILL');
    await until('end of the app', () => !isRunning(this.#session.pid));
    await this.#session.close().catch(() => {});
  }

  async end() {
    await this.#driver?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A file of the app's own. */
  file(name) {
    return join(this.#folder, 'saddlebag', name);
  }

  text(key, parameters) {
    return say(this.language, key, parameters);
  }

  async all(what, within) {
    return this.#session.run(locate, what, within);
  }

  /** The one element that matches, as soon as there is one. */
  async find(what, within) {
    return until(JSON.stringify(what), async () => (await this.all(what, within))[0]);
  }

  async isThere(what) {
    return (await this.all(what)).length > 0;
  }

  async gone(what) {
    await until(`end of ${JSON.stringify(what)}`, async () => !(await this.isThere(what)));
  }

  /** The screen may be drawn anew between the look and the touch: then it looks again. */
  async #act(what, within, act) {
    await until(JSON.stringify(what), async () => {
      const [element] = await this.all(what, within);
      if (!element) return false;
      await act(element);
      return true;
    });
  }

  /** What is still moving would be missed: a person waits too. */
  async tap(what, within) {
    await this.rest();
    await this.#act(what, within, (element) => this.#session.tap(element));
    this.taps += 1;
  }

  async type(what, text) {
    await this.#act(what, undefined, async (element) => {
      await this.#session.clear(element);
      await this.#session.type(element, text);
    });
    this.typed += [...text].length;
  }

  /** Chooses a file, as in the system's dialog. */
  async choose(what, path) {
    await this.#act(what, undefined, (element) => this.#session.type(element, path));
  }

  /**
   * A scanner that is a keyboard: it types where the focus is, and ends with Enter. Its keys come within milliseconds,
   * by which the app tells it from a hand, and a driver's would not on a machine that has much to do.
   */
  async wedge(waybill) {
    await this.#session.run((keys) => {
      for (const key of keys)
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }, [...waybill, 'Enter']);
  }

  async press(keys) {
    await this.#session.press(keys);
  }

  async seen() {
    return this.#session.run(seenText);
  }

  async sees(text) {
    await until(`“${text}” on the screen`, async () => (await this.seen()).includes(text));
  }

  /** Waits until everything is read and drawn, and stays as it is. */
  async rest() {
    await this.#session.runAsync((done) => {
      const QUIET_MS = 60;
      let changed = performance.now();
      const watch = new MutationObserver(() => (changed = performance.now()));
      watch.observe(document, { attributes: true, childList: true, characterData: true, subtree: true });
      const look = () => {
        const isBusy = document.querySelector('[aria-busy=true]') || document.fonts.status !== 'loaded';
        const isMoving = document.getAnimations().some(({ playState }) => playState === 'running');
        if (isBusy || isMoving || performance.now() - changed < QUIET_MS) return requestAnimationFrame(look);
        watch.disconnect();
        done();
      };
      requestAnimationFrame(look);
    });
  }

  async direction() {
    return this.#session.run(() => getComputedStyle(document.documentElement).direction);
  }

  /** What a failed test leaves: the screen as seen and as built. */
  async leaveEvidence(test) {
    const path = join(leftIn('e2e'), `${this.#name} ${test}`.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 100));
    try {
      writeFileSync(`${path}.html`, await this.#session.source());
      writeFileSync(`${path}.png`, await this.#session.screenshot());
    } catch (error) {
      console.error(`nothing more to see of ${this.#name}: ${error.message}`);
    }
  }
}

/** A test that leaves what its apps showed when it failed. */
export function scene(name, apps, play) {
  test(name, (t) => withEvidence(name, apps, () => play(t)));
}

/** Tests that go on from each other: after one that failed the others cannot be told about, and are left out. */
export function story(apps) {
  let isLost = false;
  return (name, play) =>
    test(name, async (t) => {
      if (isLost) return t.skip('an earlier step failed');
      isLost = true;
      await withEvidence(name, apps, () => play(t));
      isLost = false;
    });
}

async function withEvidence(name, apps, play) {
  try {
    await play();
  } catch (error) {
    for (const app of apps()) await app?.leaveEvidence(name);
    throw error;
  }
}
