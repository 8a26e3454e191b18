import { backend } from "./backend/backend";
import type { Backend, Settings, Started } from "./backend/backend";
import { codeOf } from "./backend/errors";
import { readAgain } from "./backend/live.svelte";
import { setTextSize, setTheme } from "./design/theme";
import { setLocale } from "./texts/texts.svelte";
import { courierDay } from "./texts/times";
import { showXinjiang } from "./texts/xinjiang.svelte";

const session = $state<{ started: Started | undefined; failure: string | undefined }>({
  started: undefined,
  failure: undefined,
});

/** The time that the core told last, and when this page heard it. */
let told = $state.raw({ nowMs: 0, atMs: 0 });

/** The courier's day of the time that was heard last; none before any was. */
let today: number | undefined;

/**
 * What time it is, UTC milliseconds, for all that the core knows. The phone's own clock may be wrong by years, and is
 * asked nowhere. What shows it is drawn anew each minute.
 */
export function nowMs(): number {
  return Math.round(told.nowMs + performance.now() - told.atMs);
}

function hearTime(nowMs: number): void {
  told = { nowMs, atMs: performance.now() };
  const day = courierDay(nowMs);
  const isNewDay = today !== undefined && day !== today;
  today = day;
  if (isNewDay) readAllAgain();
}

/** Reads again what is shown; behind a gate nothing can be read, and once it opens all is read anyway. */
function readAllAgain(): void {
  if (gate() === undefined) void readAgain();
}

/** Who is at this device and how they want it; undefined until the shell has answered. */
export function started(): Started | undefined {
  return session.started;
}

/** The code of why nothing can be shown: the store did not open, or the start itself failed. */
export function startFailure(): string | undefined {
  return session.failure ?? session.started?.store_error ?? undefined;
}

/** The settings in force. */
export function settings(): Settings {
  if (!session.started) throw new Error("nothing is started yet");
  return session.started.settings;
}

/** The screen that stands before all others: nothing of the county's is seen behind it. */
export function gate(): "store_trouble" | "lock" | "enrol" | undefined {
  const { started } = session;
  if (startFailure() !== undefined) return "store_trouble";
  if (!started) return undefined;
  if (started.is_locked) return "lock";
  return started.person ? undefined : "enrol";
}

/** How often the shell is told that somebody is there: the lock closes after minutes without use. */
const IN_USE_MS = 30_000;

const MINUTE_MS = 60_000;

/**
 * Tells the shell that the app is in use, and follows its lock and its clock: what is shown of the time goes on by the
 * minute, and a new day is read when it begins. Answers with how to stop.
 */
export function keepInUse(): () => void {
  let toldMs = 0;
  const use = async () => {
    if (gate() !== undefined || performance.now() - toldMs < IN_USE_MS) return;
    toldMs = performance.now();
    // Locked by now: what is on the screen goes at once.
    await backend().inUse().then(hearTime, restart);
  };
  // A page's own clock stands still while its phone sleeps, and what was read before may be yesterday's.
  const wake = () => {
    toldMs = -IN_USE_MS;
    if (document.visibilityState === "visible") void use().then(readAllAgain);
  };
  const touch = () => void use();
  const minute = setInterval(() => {
    if (document.visibilityState === "visible") hearTime(nowMs());
  }, MINUTE_MS);
  const events = ["pointerdown", "keydown"] as const;
  for (const event of events) addEventListener(event, touch, { capture: true, passive: true });
  document.addEventListener("visibilitychange", wake);
  const stop = backend().onLocked(() => void restart());
  return () => {
    for (const event of events) removeEventListener(event, touch, { capture: true });
    document.removeEventListener("visibilitychange", wake);
    clearInterval(minute);
    stop();
  };
}

/**
 * A backend whose damage, wherever it is met, stands before all screens: an answer that leaves out what cannot be read
 * is never shown.
 */
export function watched(backend: Backend): Backend {
  const watch =
    (command: Backend[keyof Backend]) =>
    (...given: never[]) => {
      const answer: unknown = (command as (...given: never[]) => unknown)(...given);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((thrown: unknown) => {
        if (codeOf(thrown) === "damaged") session.failure = "damaged";
        throw thrown;
      });
    };
  const entries = Object.entries(backend).map(([name, command]) => [
    name,
    watch(command as Backend[keyof Backend]),
  ]);
  return Object.fromEntries(entries) as Backend;
}

/** Asks the shell how things stand: at the start, after enrolling, locking and unlocking. */
export async function restart(): Promise<void> {
  try {
    const answer = await backend().start();
    if (answer.now_ms !== null) hearTime(answer.now_ms);
    await wear(answer.settings);
    session.started = answer;
    session.failure = undefined;
  } catch (thrown) {
    session.failure = codeOf(thrown);
  }
}

/** Puts settings in force and keeps them. */
export async function changeSettings(changes: Partial<Settings>): Promise<void> {
  const wanted = { ...settings(), ...changes };
  await wear(wanted);
  if (session.started) session.started.settings = wanted;
  await backend().saveSettings(wanted);
}

async function wear(wanted: Settings): Promise<void> {
  setTheme(wanted.theme);
  setTextSize(wanted.text_size);
  showXinjiang(wanted.xinjiang_time);
  await setLocale(wanted.language);
}
