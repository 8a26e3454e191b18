// Waiting for a condition, never for a time.
const PAUSE_MS = 20;

/** What `condition` answers once it is truthy; an error that tells the last one where it does not become so. */
export async function until(what, condition, deadlineMs = 15_000) {
  const end = performance.now() + deadlineMs;
  let last;
  for (;;) {
    try {
      const found = await condition();
      if (found) return found;
      last = undefined;
    } catch (error) {
      if (!error.mayPass) throw error;
      last = error;
    }
    if (performance.now() > end) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`within ${deadlineMs} ms there was no ${what}`, { cause: last });
}
