import type { commands, Progress, RecordId, SyncWaiting } from "./bindings.gen";

export type * from "./bindings.gen";

/** Names by language; a person's own name stands under the empty one. */
export type Names = Readonly<Record<string, string>>;

/** What the shell can be asked. A refusal is thrown as a `SaddlebagError`. */
export type Commands = typeof commands;

/** The one thing that screens know of what lies below. What the shell says by itself is listened to; each answers
 *  with how to stop. */
export interface Backend extends Commands {
  /** Called with the records that changed; with none where so many did that everything is to be read again. */
  onChanged(changed: (records: readonly RecordId[]) => void): () => void;
  /** Called after each exchange of a sync. */
  onSyncProgress(step: (progress: Progress) => void): () => void;
  /** Called when an exchange failed and another will be tried. */
  onSyncWaiting(waits: (waiting: SyncWaiting) => void): () => void;
  /** Called when the app locked, since nobody used it. */
  onLocked(locked: () => void): () => void;
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
