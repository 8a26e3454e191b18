// Processes: their end, and what the kernel says of them: whose children they are, and what memory they have.
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';

/** The parent of each process that runs. */
function parents() {
  const found = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // The name of the program, in brackets, may hold anything.
    if (stat) found.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  return found;
}

/** A process may end between the listing and the reading. */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Every process below this one. */
export function descendants(pid) {
  const parentOf = parents();
  const isBelow = (one) => one === pid || (parentOf.has(one) && one > 1 && isBelow(parentOf.get(one)));
  return [...parentOf.keys()].filter((one) => one !== pid && isBelow(one));
}

/** The path of the program that a process runs. */
export function programOf(pid) {
  return read(`/proc/${pid}/cmdline`)?.split('\0')[0];
}

export function isRunning(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== undefined && !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

export function hasEnded(program) {
  return program.exitCode !== null || program.signalCode !== null;
}

/** Ends a program that was started here, and waits for its end. One that has ended already tells of it no more. */
export async function end(program) {
  if (hasEnded(program)) return;
  const gone = once(program, 'exit');
  program.kill('SIGTERM');
  await gone;
}

/** When a process was started, as `Date.now()` would have told it, to a hundredth of a second. */
export function startedAt(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const uptime = Number(read('/proc/uptime').split(' ')[0]);
  return Date.now() - uptime * 1000 + ticks * 10;
}

/** Proportional set size in bytes: shared pages count for each process by its share. */
export function pss(pid) {
  const line = read(`/proc/${pid}/smaps_rollup`)?.match(/^Pss:\s+(\d+) kB/m);
  return line ? Number(line[1]) * 1024 : 0;
}
