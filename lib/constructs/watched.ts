import type { DurableQueue } from './durable-queue.js';
import type { HttpFront } from './http-front.js';
import type { Intake } from './intake.js';
import type { Lane } from './lane.js';
import type { PunctualFunction } from './punctual-function.js';
import type { StoredTable } from './storage.js';
import type { WakeUps } from './wake-ups.js';
import type { WorkQueue } from './work-queue.js';

/** The parts of the stack that dashboard and alarms watch. */
export interface Watched {
  readonly front: HttpFront;
  readonly functions: readonly PunctualFunction[];
  readonly lanes: readonly Lane[];
  readonly wakeUps: WakeUps;
  readonly replay: WorkQueue;
  readonly deadLetters: DurableQueue;
  /** If the settings have one. */
  readonly intake: Intake | undefined;
  readonly tables: readonly StoredTable[];
}
