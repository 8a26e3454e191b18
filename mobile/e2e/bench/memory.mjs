import { descendants, pss } from '../processes.mjs';
import { until } from '../until.mjs';
import { median } from './quantile.mjs';

/** Memory of the app with all its processes, in bytes, once it has come to rest. */
export async function memory(app) {
  const all = () => [app.session.pid, ...descendants(app.session.pid)].reduce((sum, pid) => sum + pss(pid), 0);
  let looks = [];
  await until(
    'memory at rest',
    () => {
      looks = [...looks, all()].slice(-25);
      return looks.length === 25 && Math.max(...looks) - Math.min(...looks) < 0.01 * looks[0];
    },
    60_000,
  );
  return median(looks);
}
