import { backend, type FactDraft } from "../backend/backend";
import { codeOf } from "../backend/errors";
import { hush } from "../components/toast.svelte";
import { tellUndoable } from "./undoable";

/** What a screen does for somebody: one act at a time, and the code of what went wrong at the last one. */
export interface Acting {
  readonly error: string | undefined;
  readonly busy: boolean;
  /** Does something; nothing comes back where it was refused, or where the act before still goes on. */
  run<T>(act: () => Promise<T>): Promise<T | undefined>;
  /** Records facts as one act, says so and offers to take it back; answers whether it was recorded. */
  record(said: string, drafts: readonly FactDraft[]): Promise<boolean>;
}

/** `done` is called after each act, and after one was taken back: the screen reads again. */
export function acting(done: () => void = () => undefined): Acting {
  let error = $state<string>();
  let busy = $state(false);

  async function run<T>(act: () => Promise<T>): Promise<T | undefined> {
    if (busy) return undefined;
    busy = true;
    error = undefined;
    hush();
    try {
      const outcome = await act();
      done();
      return outcome;
    } catch (thrown) {
      error = codeOf(thrown);
      return undefined;
    } finally {
      busy = false;
    }
  }

  async function record(said: string, drafts: readonly FactDraft[]): Promise<boolean> {
    const facts = await run(() => backend().record([...drafts]));
    if (facts) tellUndoable(said, facts, done);
    return facts !== undefined;
  }

  return {
    get error() {
      return error;
    },
    get busy() {
      return busy;
    },
    run,
    record,
  };
}

/** A fact by names, ready to be recorded. */
export function draft(record: string, kind: string, fields: FactDraft["fields"] = {}): FactDraft {
  return { record, kind, fields, fix: null, signature: null };
}
