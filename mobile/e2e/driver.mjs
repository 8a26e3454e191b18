// A client of W3C WebDriver, as far as these tests need it: WebKitWebDriver starts the app and drives its webview.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { finished } from 'node:stream/promises';
import { descendants, end, hasEnded, isRunning, programOf } from './processes.mjs';
import { until } from './until.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** A page that is being drawn anew: the next look may find it whole. */
const PASSING = new Set([
  'element click intercepted',
  'element not interactable',
  'no such element',
  'stale element reference',
]);

export class WebDriverError extends Error {
  constructor(command, { error, message }) {
    super(`${command}: ${error}: ${message}`);
    this.code = error;
    this.mayPass = PASSING.has(error);
  }
}

export class Driver {
  #process;
  #base;
  #log;

  /** Starts one, with this environment for the programs that it starts; what they say goes to the file `log`. */
  static async start(env, log) {
    const driver = new Driver();
    const port = await freePort();
    driver.#base = `http://127.0.0.1:${port}`;
    driver.#log = createWriteStream(log, { flags: 'a' });
    await once(driver.#log, 'open');
    driver.#process = spawn('WebKitWebDriver', [`--port=${port}`], {
      env,
      stdio: ['ignore', driver.#log, driver.#log],
    });
    await until('WebKitWebDriver', () => driver.#isReady());
    return driver;
  }

  async #isReady() {
    if (hasEnded(this.#process)) throw new Error(`WebKitWebDriver ended with ${this.#process.exitCode}`);
    const answer = await fetch(`${this.#base}/status`).catch(() => undefined);
    return answer?.ok;
  }

  async command(method, path, body) {
    const answer = await fetch(this.#base + path, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const { value } = await answer.json();
    if (value?.error) throw new WebDriverError(`${method} ${path}`, value);
    return value;
  }

  /** Starts the program; its webview's session. */
  async open(binary, args = []) {
    const wanted = { 'webkitgtk:browserOptions': { binary, args } };
    const { sessionId } = await this.command('POST', '/session', { capabilities: { alwaysMatch: wanted } });
    const pid = descendants(this.#process.pid).find((one) => programOf(one) === binary);
    return new Session(this, sessionId, pid);
  }

  /** Ends it with all that it started. */
  async stop() {
    if (hasEnded(this.#process)) return;
    const started = descendants(this.#process.pid);
    await end(this.#process);
    for (const pid of started) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    this.#log.end();
    await finished(this.#log);
  }
}

/** A webview, from its start to its end. */
export class Session {
  #driver;
  #id;
  /** Of the program that owns the webview. */
  pid;

  constructor(driver, id, pid) {
    this.#driver = driver;
    this.#id = id;
    this.pid = pid;
  }

  #command(method, path, body) {
    return this.#driver.command(method, `/session/${this.#id}${path}`, body);
  }

  /** Runs a function in the page. What it answers must be JSON, or elements. */
  async run(inPage, ...args) {
    const script = `return (${inPage}).apply(undefined, arguments)`;
    return this.#command('POST', '/execute/sync', { script, args });
  }

  /** Runs a function in the page that calls its last argument with the answer. */
  async runAsync(inPage, ...args) {
    const script = `(${inPage}).apply(undefined, arguments)`;
    return this.#command('POST', '/execute/async', { script, args });
  }

  /** Runs a library's source in the page, whatever the page allows itself. */
  async inject(script) {
    await this.#command('POST', '/execute/sync', { script, args: [] });
  }

  /** How long `runAsync` may take. */
  async allowScripts(ms) {
    await this.#command('POST', '/timeouts', { script: ms });
  }

  /** The driver brings it into the window at most; a part of it may still lie outside of what scrolls it. */
  async #bring(element) {
    await this.run((element) => element.scrollIntoView({ block: 'nearest', inline: 'nearest' }), element);
  }

  async tap(element) {
    await this.#bring(element);
    await this.#command('POST', `/element/${element[ELEMENT]}/click`, {});
  }

  async type(element, text) {
    await this.#command('POST', `/element/${element[ELEMENT]}/value`, { text });
  }

  async clear(element) {
    await this.#bring(element);
    await this.#command('POST', `/element/${element[ELEMENT]}/clear`, {});
  }

  /** Presses keys one by one, wherever the focus is, as a scanner does that is a keyboard. */
  async press(keys) {
    const strokes = [...keys].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#command('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: strokes }] });
  }

  /** A finger that goes along these points of the viewport. */
  async draw([[x, y], ...rest]) {
    const actions = [
      { type: 'pointerMove', duration: 0, x, y },
      { type: 'pointerDown', button: 0 },
      ...rest.map(([x, y]) => ({ type: 'pointerMove', duration: 10, x, y })),
      { type: 'pointerUp', button: 0 },
    ];
    await this.#command('POST', '/actions', { actions: [{ type: 'pointer', id: 'finger', actions }] });
  }

  /** Makes the page itself so large, whatever the window has around it. */
  async resize(width, height) {
    await this.#command('POST', '/window/rect', { x: 0, y: 0, width, height });
    await until(`page of ${width} × ${height}`, async () => {
      const [w, h] = await this.run(() => [innerWidth, innerHeight]);
      return w === width && h === height;
    });
  }

  async source() {
    return this.#command('GET', '/source');
  }

  /** PNG. The first grab may be blank or of an older frame: it is dropped, and two equal ones are wanted. */
  async screenshot() {
    const grab = () => this.#command('GET', '/screenshot');
    await grab();
    let last;
    await until('picture that stands still', async () => {
      await this.runAsync((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))));
      const grabbed = await grab();
      const isSame = grabbed === last;
      last = grabbed;
      return isSame;
    });
    return Buffer.from(last, 'base64');
  }

  async close() {
    await this.#command('DELETE', '');
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
