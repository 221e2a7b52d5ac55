import type { RunState } from '../../subjects/task-runs/task-run.js';
import type { Findings } from '../rules/attempt-decision.js';
import type { RunKey, RunPorts } from '../rules/ports.js';
import { findRun } from './find-run.js';

/** Writes `next` over what was found. Answers what is stored afterwards, read again if another writer was first. */
export async function record(ports: RunPorts, key: RunKey, found: Findings, next: RunState): Promise<Findings> {
  const held = found.state ? await ports.runs.advance(key, found.state, next) : await ports.runs.begin(key, next);
  if (!held) return findRun(ports, key);
  const { glimpsed: _true, ...known } = found;
  return { ...known, state: next };
}
