import type { Settings, Started, SyncProgress } from "./device";
import type { RecordId, Route, WhomToAsk } from "./records";

export type * from "./device";
export type * from "./records";

/** The one thing that screens know of what lies below: the shell's commands, and what it says of its own accord. */
export interface Backend {
  start(): Promise<Started>;
  saveSettings(settings: Settings): Promise<void>;
  today(): Promise<Route>;
  whomToAsk(): Promise<WhomToAsk>;
  call(record: RecordId): Promise<void>;
  /** Called when records changed; answers with how to stop listening. */
  onChanged(changed: () => void): () => void;
  /** Called with each step of a sync; answers with how to stop listening. */
  onSyncProgress(step: (progress: SyncProgress) => void): () => void;
}

let installed: Backend | undefined;

/** Sets the backend, once, before anything is shown. */
export function install(backend: Backend): void {
  installed = backend;
}

/** The backend. */
export function backend(): Backend {
  if (!installed) throw new Error("no backend is installed");
  return installed;
}
