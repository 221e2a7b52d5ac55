import { cpus } from 'node:os';

/** Below this share the processors have enough to do. */
const IDLE_SHARE = 0.25;
/** A look back over less says little. */
const LOOK_BACK_MS = 250;

let seen = { at: Date.now(), ...timesOfAll() };
let idle = true;

/** Whether this machine's processors had much time to spare of late, whatever they did besides. */
export function processorsAreIdle(): boolean {
  if (Date.now() - seen.at < LOOK_BACK_MS) return idle;
  const now = { at: Date.now(), ...timesOfAll() };
  idle = now.idle - seen.idle > IDLE_SHARE * (now.all - seen.all);
  seen = now;
  return idle;
}

function timesOfAll(): { idle: number; all: number } {
  const times = cpus().map((processor) => processor.times);
  const all = times.flatMap((time) => Object.values(time));
  return { idle: sum(times.map((time) => time.idle)), all: sum(all) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
