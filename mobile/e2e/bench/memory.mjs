import { descendants, pss } from '../processes.mjs';
import { until } from '../until.mjs';
import { median } from './quantile.mjs';

/** So many looks alike are some five seconds: what was freed goes back to the system little by little. */
const LOOKS = 100;

/**
 * Memory of the app with all its processes, in bytes, once it has come to rest. With nothing else of WebKit running:
 * what processes share is told by shares.
 */
export async function memory(app) {
  const all = () => [app.session.pid, ...descendants(app.session.pid)].reduce((sum, pid) => sum + pss(pid), 0);
  let looks = [];
  await until(
    'memory at rest',
    () => {
      looks = [...looks, all()].slice(-LOOKS);
      return looks.length === LOOKS && Math.max(...looks) - Math.min(...looks) < 0.01 * looks[0];
    },
    120_000,
  );
  return median(looks);
}
