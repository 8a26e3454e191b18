import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import type { SyncProgress } from "./device";
import { SaddlebagError } from "./errors";

async function command<T>(name: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(name, args);
  } catch (thrown) {
    throw new SaddlebagError(isRefusal(thrown) ? thrown.code : "unexpected");
  }
}

function isRefusal(thrown: unknown): thrown is { code: string } {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string";
}

function hear<T>(event: string, told: (payload: T) => void): () => void {
  const stop = listen<T>(event, ({ payload }) => told(payload));
  return () => void stop.then((unlisten) => unlisten());
}

/** The shell's commands. */
export function tauriBackend(): Backend {
  return {
    start: () => command("start"),
    saveSettings: (settings) => command("save_settings", { settings }),
    today: () => command("today"),
    whomToAsk: () => command("whom_to_ask"),
    call: (record) => command("call", { record }),
    onChanged: (changed) => hear("changed", changed),
    onSyncProgress: (step) => hear<SyncProgress>("sync-progress", step),
  };
}
