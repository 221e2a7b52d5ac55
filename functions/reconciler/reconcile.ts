import { type Endpoint, keyOfEndpoint } from '../core/endpoint/endpoint.js';
import { callUp } from '../core/endpoint/hold.js';
import { hexOf } from '../core/ids.js';
import type { Page } from '../core/newest-first.js';
import type { RunPorts } from '../core/ports.js';
import type { Project } from '../core/project/project.js';
import { buryRun } from '../core/run/bury.js';
import { performEffects } from '../core/run/record.js';
import type { RunDefinition, RunState } from '../core/run/task-run.js';
import { laneToken } from '../core/run/token.js';
import type { ScheduleClock } from '../core/schedule/schedule.js';
import { rearmSchedule } from '../core/schedule/schedule-chain.js';
import { type RollUpPorts, rollUp } from '../core/stats/roll-up.js';

/** How long past its moment a retry or a schedule counts as forgotten: far longer than any backlog that still moves. */
const FORGOTTEN_MS = 10 * 60_000;
/** A round takes no longer: 20 pages are begun before it is over, and the function has five minutes. */
const ROLL_UP_MS = 150_000;
const PAGE_SIZE = 100;

export interface WaitingRun {
  readonly id: string;
  readonly definition: RunDefinition;
  readonly state: RunState;
}

export interface ReconcilerPorts extends RunPorts {
  projects(before: string | undefined, limit: number): Promise<Project[]>;
  /** Runs in `retry_scheduled`, newest first. */
  waiting(project: Project, before: string | undefined, limit: number): Promise<Page<WaitingRun>>;
  endpoints(project: string, before: string | undefined, limit: number): Promise<Endpoint[]>;
  /** Bodies of the messages in the lanes' DLQs. */
  poison(): AsyncIterable<string>;
}

export interface Reconciled {
  /** Retries whose token was sent again, and schedules whose wake-up was. */
  readonly rearmed: number;
  /** Messages looked at in the lanes' DLQs. */
  readonly poison: number;
}

/**
 * Every 15 minutes, after everything else failed: arms a schedule again whose moment passed long ago without a fire, sends
 * the token of a forgotten retry again (one too many is absorbed by the claim), calls up who waits for a slot, and makes the
 * runs of messages that SQS itself moved to a DLQ show it. The messages stay there, for the alarm and for people.
 */
export async function reconcile(ports: ReconcilerPorts): Promise<Reconciled> {
  let rearmed = 0;
  for await (const project of everyOne((before, limit) => ports.projects(before, limit))) {
    const paused = await tendEndpoints(ports, project);
    for await (const { definition, state } of forgottenRetries(ports, project)) {
      // It lies at its endpoint, and costs nothing as long as nobody sends its token.
      if (definition.endpoint_id !== undefined && paused.has(definition.endpoint_id)) continue;
      await performEffects(ports, definition, state);
      rearmed++;
    }
    for await (const { id } of forgottenSchedules(ports, project))
      if (await rearmSchedule(ports, { project: project.id, schedule: id }, FORGOTTEN_MS)) rearmed++;
  }
  let poison = 0;
  for await (const body of ports.poison()) {
    poison++;
    const token = laneToken.safeParse(parsed(body));
    if (token.success) await buryRun(ports, token.data);
  }
  return { rearmed, poison };
}

/** Counts every project's hours. What does not fit goes on a quarter of an hour later. */
export async function rollUpAll(ports: RollUpPorts & Pick<ReconcilerPorts, 'projects'>): Promise<void> {
  const deadline = ports.clock.now() + ROLL_UP_MS;
  for await (const project of everyOne((before, limit) => ports.projects(before, limit)))
    await rollUp(ports, project, deadline);
}

/** Every row of a list that is read page by page, each from behind the last row of the one before. */
async function* everyOne<Row extends { readonly id: string }>(
  read: (before: string | undefined, limit: number) => Promise<Row[]>,
): AsyncGenerator<Row> {
  let before: string | undefined;
  do {
    const rows = await read(before, PAGE_SIZE);
    yield* rows;
    before = rows.length === PAGE_SIZE ? rows.at(-1)!.id : undefined;
  } while (before !== undefined);
}

/**
 * Calls up whoever waits at an endpoint for a slot, should the worker have died that had to.
 * @returns the ids of the endpoints that are paused
 */
async function tendEndpoints(ports: ReconcilerPorts, { id }: Project): Promise<Set<string>> {
  const paused = new Set<string>();
  for await (const endpoint of everyOne((before, limit) => ports.endpoints(id, before, limit))) {
    if (endpoint.status === 'paused') paused.add(endpoint.id);
    else if (endpoint.max_concurrency !== undefined) await callUp(ports, keyOfEndpoint(endpoint), hexOf(endpoint.id));
  }
  return paused;
}

async function* forgottenRetries(ports: ReconcilerPorts, project: Project): AsyncGenerator<WaitingRun> {
  const limit = ports.clock.now() - FORGOTTEN_MS;
  let before: string | undefined;
  do {
    const { rows, end } = await ports.waiting(project, before, PAGE_SIZE);
    for (const row of rows) if ((row.state.turn?.at ?? row.state.due ?? Infinity) < limit) yield row;
    before = end;
  } while (before !== undefined);
}

/** Active ones whose position lies in the past: their wake-up was lost, or the dispatcher has stood still. */
async function* forgottenSchedules(ports: ReconcilerPorts, project: Project): AsyncGenerator<ScheduleClock> {
  const limit = ports.clock.now() - FORGOTTEN_MS;
  for await (const clock of everyOne((before, size) => ports.schedules.clocks(project.id, before, size)))
    if (clock.status === 'active' && (clock.next_at ?? Infinity) < limit) yield clock;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
