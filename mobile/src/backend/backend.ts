import type { Acts } from "./acts";
import type { Device } from "./device";
import type { Money } from "./money";
import type { People } from "./people";
import type { RecordId } from "./records";
import type { Routing } from "./route";
import type { Station } from "./station";
import type { Syncing } from "./syncing";

export type * from "./acts";
export type * from "./device";
export type * from "./money";
export type * from "./page";
export type * from "./people";
export type * from "./records";
export type * from "./route";
export type * from "./station";
export type * from "./syncing";

/** The one thing that screens know of what lies below; a refusal is thrown as a `SaddlebagError`. */
export interface Backend extends Acts, Device, Money, People, Routing, Station, Syncing {
  /** Called with the records that changed, none where so many did that everything is to be read again; answers with
   *  how to stop listening. */
  onChanged(changed: (records: readonly RecordId[]) => void): () => void;
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
