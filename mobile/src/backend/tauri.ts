import type { Backend, Commands } from "./backend";
import { commands, events } from "./bindings.gen";
import { SaddlebagError } from "./errors";

const CODE = /^[a-z][a-z0-9_]*$/;

/** A refusal is its bare code; anything else is a fault of the shell's own. */
function refusalOf(thrown: unknown): SaddlebagError {
  return new SaddlebagError(typeof thrown === "string" && CODE.test(thrown) ? thrown : "unexpected");
}

type Command = (...given: never[]) => Promise<unknown>;

function refusing(command: Command): Command {
  return (...given) =>
    command(...given).catch((thrown: unknown) => {
      throw refusalOf(thrown);
    });
}

interface Heard<T> {
  listen(told: (event: { payload: T }) => void): Promise<() => void>;
}

function hear<T>(event: Heard<T>, told: (payload: T) => void): () => void {
  const stop = event.listen(({ payload }) => told(payload));
  return () => void stop.then((unlisten) => unlisten());
}

/** The shell's commands and events. */
export function tauriBackend(): Backend {
  const asked = Object.entries(commands).map(([name, command]) => [name, refusing(command as Command)]);
  return {
    ...(Object.fromEntries(asked) as Commands),
    onChanged: (changed) => hear(events.changed, ({ records }) => changed(records)),
    onSyncProgress: (step) => hear(events.syncProgress, step),
    onSyncWaiting: (waits) => hear(events.syncWaiting, waits),
    onLocked: (locked) => hear(events.locked, locked),
  };
}
