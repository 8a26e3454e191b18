import { backend } from "./backend/backend";
import type { Settings, Started } from "./backend/device";
import { setTextSize, setTheme } from "./design/theme";
import { setLocale } from "./texts/texts.svelte";

const session = $state<{ started: Started | undefined }>({ started: undefined });

/** Who is at this device and how they want it; undefined until the shell has answered. */
export function started(): Started | undefined {
  return session.started;
}

/** The settings in force. */
export function settings(): Settings {
  if (!session.started) throw new Error("nothing is started yet");
  return session.started.settings;
}

/** Asks the shell how things stand: at the start, after enrolling, locking and unlocking. */
export async function restart(): Promise<void> {
  const answer = await backend().start();
  await wear(answer.settings);
  session.started = answer;
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
  await setLocale(wanted.language);
}
