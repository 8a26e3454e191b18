import { backend, type Progress, type SyncWaiting } from "../../backend/backend";
import { codeOf } from "../../backend/errors";
import { restart } from "../../session.svelte";
import { forgetPerson } from "../forget-person";

/** The sync that goes on, or the last one of this sitting. It outlives the screen that began it. */
interface Syncing {
  readonly running: boolean;
  readonly progress: Progress | undefined;
  /** An exchange failed and another one is about to be tried. */
  readonly waiting: SyncWaiting | undefined;
  /** How it ended: well, elsewhere, or early with a code. */
  readonly ended: "done" | "elsewhere" | "early" | undefined;
  readonly code: string | undefined;
}

const NOTHING: Syncing = {
  running: false,
  progress: undefined,
  waiting: undefined,
  ended: undefined,
  code: undefined,
};

let state = $state.raw<Syncing>(NOTHING);

/** How syncing stands. */
export function syncing(): Syncing {
  return state;
}

/** The sync that is under way, until it has ended. */
let underWay: Promise<void> | undefined;

/** Begins to sync; goes on with the one that is under way. */
export async function syncNow(): Promise<void> {
  if (state.running) return;
  state = { ...NOTHING, running: true };
  underWay = run();
  await underWay;
}

/** Tries at once, instead of waiting for when the next try would be. */
export async function syncAtOnce(): Promise<void> {
  await stopSyncing();
  await underWay;
  await syncNow();
}

async function run(): Promise<void> {
  const stops = [
    backend().onSyncProgress((progress) => (state = { ...state, progress, waiting: undefined })),
    backend().onSyncWaiting((waiting) => (state = { ...state, waiting })),
  ];
  try {
    const { sync } = await backend().sync(null);
    if (sync === "wiped") await beginAnew();
    else end(sync, undefined);
  } catch (thrown) {
    end("early", codeOf(thrown));
  } finally {
    for (const stop of stops) stop();
  }
}

/** Ends the sync that is under way; everything stays saved. */
export async function stopSyncing(): Promise<void> {
  await backend().cancelSync();
}

/** The county had everything here destroyed: nothing of it stays on a screen either. */
async function beginAnew(): Promise<void> {
  state = NOTHING;
  forgetPerson();
  await restart();
}

function end(ended: Syncing["ended"], code: string | undefined): void {
  state = { ...state, running: false, waiting: undefined, ended, code };
}
