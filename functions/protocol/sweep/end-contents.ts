import { ConflictError } from '../../primitives/faults.js';
import { firstId, siblingId, timeOf } from '../../primitives/ids.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Page } from '../../primitives/newest-first.js';
import type { DeadLetter, DeadLetterLists } from '../../subjects/dead-letters/dead-letter.js';
import { type EventLists, isFannedOut, type ListedEvent, redactedEvent } from '../../subjects/events/event.js';
import type { Project } from '../../subjects/projects/project.js';
import { isFinal } from '../../subjects/task-runs/task-run.js';
import type { ListedRun, RunLists } from '../../subjects/task-runs/task-run-lists.js';
import type { RunPorts } from '../rules/ports.js';
import { redactedLetter, redactRun } from '../runs/redact-run.js';
import type { Failed, SweepStore } from './sweep-ports.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Projects, and objects of each, that are looked at concurrently. */
const PROJECTS_AT_ONCE = 4;
const AT_ONCE = 10;
const PAGE = 500;

/** What has content, in the order of its end: a dead letter ends with its run, and an event after all of its runs. */
const PARTS = ['run', 'dl', 'evt'] as const;
type Part = (typeof PARTS)[number];
type Row = ListedRun | DeadLetter | ListedEvent;

/** How far a project's content has ended. */
export interface ContentPosition {
  /** Raised by every write; a write is conditional on the version that was read. */
  readonly version: number;
  /** All that was made before was looked at: its content has ended, or a list says when to look again. */
  readonly made: number;
  /** All lists until then were looked at. */
  readonly listed: number;
  /** A walk through what was made from `made` until `until`, newest first. */
  readonly walk?: { readonly part: Part; readonly until: number; readonly before?: string | undefined };
}

export interface ContentStore extends Pick<SweepStore, 'later' | 'putLater'> {
  /** Strongly consistent. */
  contentPosition(project: string): Promise<ContentPosition | undefined>;
  /** Replaces the position of the version before, or puts the first one. */
  putContentPosition(project: string, position: ContentPosition): Promise<boolean>;
}

export interface ContentPorts extends Pick<RunPorts, 'clock' | 'deadLetters' | 'events' | 'runs'> {
  readonly sweep: ContentStore;
  readonly lists: { projects(): Promise<Project[]> };
  readonly runLists: Pick<RunLists, 'byIds' | 'runs'>;
  readonly deadLetterLists: DeadLetterLists;
  readonly eventLists: EventLists;
  onFailure(what: Failed, error: unknown): void;
}

type EndingProject = Project & { readonly payload_days: number };

/** Ends the content that is older than its project's `payload_days`. The next round continues. */
export async function endContents(ports: ContentPorts, isTimeUp: () => boolean): Promise<void> {
  const hasEnd = (project: Project): project is EndingProject =>
    project.payload_days !== undefined && project.deleted_at === undefined;
  await mapBounded((await ports.lists.projects()).filter(hasEnd), PROJECTS_AT_ONCE, (project) =>
    endContent(ports, project, isTimeUp).catch((error) => ports.onFailure({ project: project.id }, error)),
  );
}

/** Each step puts the lists of what to look at again before its position. So after a death one step is repeated. */
async function endContent(ports: ContentPorts, project: EndingProject, isTimeUp: () => boolean): Promise<void> {
  let position = (await ports.sweep.contentPosition(project.id)) ?? { version: 0, made: 0, listed: 0 };
  while (!isTimeUp()) {
    const next = (await lookAtMade(ports, project, position)) ?? (await lookAtListed(ports, project, position));
    if (next === undefined) return;
    position = { ...next, version: position.version + 1 };
    if (!(await ports.sweep.putContentPosition(project.id, position))) return; // another one is at work
  }
}

type Step = (ports: ContentPorts, project: EndingProject, at: ContentPosition) => Promise<ContentPosition | undefined>;

const lookAtMade: Step = async (ports, project, position) => {
  const { walk, ...rest } = position;
  const old = ports.clock.now() - project.payload_days * DAY_MS;
  if (walk === undefined && old < rest.made + HOUR_MS) return undefined;
  const { part, until, before } = walk ?? { part: 'run', until: old };
  const { rows, end } = await pageOf(ports, project, part, before ?? firstId(part, until));
  const own = rows.filter(({ id }) => timeOf(id) >= rest.made);
  await endAll(ports, project, own, `${position.version}`);
  if (end !== undefined && timeOf(end) >= rest.made) return { ...rest, walk: { part, until, before: end } };
  const next = PARTS[PARTS.indexOf(part) + 1];
  return next ? { ...rest, walk: { part: next, until } } : { ...rest, made: until };
};

/** The lists of one moment. */
const lookAtListed: Step = async (ports, project, position) => {
  let at: number | undefined;
  let lists = 0;
  for await (const list of ports.sweep.later(project.id, 'content', {
    from: position.listed,
    until: ports.clock.now(),
  })) {
    if (at !== undefined && list.at !== at) break;
    at = list.at;
    const rows = await mapBounded(list.entries, AT_ONCE, (id) => find(ports, project, id));
    await endAll(ports, project, rows.flat(), `${position.version}.${++lists}`);
  }
  return at === undefined ? undefined : { ...position, listed: at };
};

function pageOf(ports: ContentPorts, project: Project, part: Part, before: string): Promise<Page<Row>> {
  if (part === 'run') return ports.runLists.runs([project], {}, before, PAGE);
  if (part === 'dl') return ports.deadLetterLists.list([project], {}, before, PAGE);
  return ports.eventLists.events([project], {}, before, PAGE);
}

/** The object of that id, unless it has expired. */
async function find(ports: ContentPorts, { id: project }: Project, id: string): Promise<Row[]> {
  if (id.startsWith('run_')) return ports.runLists.byIds(project, [id]);
  if (id.startsWith('dl_'))
    return [(await ports.deadLetters.find({ project, run: siblingId('run', id) })) ?? []].flat();
  const stored = await ports.events.find(project, id);
  return stored ? [{ ...stored, id }] : [];
}

/** Ends what is due, and lists the rest by the hour in which to look again. `name`: the same at a repeat of the step. */
async function endAll(ports: ContentPorts, project: EndingProject, rows: readonly Row[], name: string): Promise<void> {
  const again = new Map<number, string[]>();
  await mapBounded(rows, AT_ONCE, async (row) => {
    const at = await endOne(ports, project, row).catch((error) => {
      // A replay at the same time is not a failure.
      if (!(error instanceof ConflictError)) ports.onFailure({ row: row.id }, error);
      return ports.clock.now() + DAY_MS;
    });
    if (at === undefined) return;
    const hour = Math.ceil(at / HOUR_MS) * HOUR_MS;
    again.set(hour, [...(again.get(hour) ?? []), row.id]);
  });
  for (const [at, entries] of again) await ports.sweep.putLater(project.id, { queue: 'content', at, name, entries });
}

/** @returns when to look again; undefined if the content has ended */
function endOne(ports: ContentPorts, project: EndingProject, row: Row): Promise<number | undefined> {
  if ('definition' in row) return endRun(ports, project, row);
  return 'event' in row ? endEvent(ports, project, row) : endLetter(ports, project, row);
}

async function endRun(
  ports: ContentPorts,
  { id: project, payload_days }: EndingProject,
  { id: run, definition, state }: ListedRun,
): Promise<number | undefined> {
  if (definition.redacted_at !== undefined) return undefined;
  const now = ports.clock.now();
  if (!isFinal(state.status)) return now + DAY_MS;
  const end = (state.finished_at ?? 0) + payload_days * DAY_MS;
  if (end > now) return end;
  const letter = state.status === 'dead_letter' ? await ports.deadLetters.find({ project, run }) : undefined;
  if (letter) await close(ports, letter, payload_days);
  await redactRun(ports, { project, run }, state);
  return undefined;
}

/** A dead letter outlives its run. A replay that is under way may need its payload. */
async function endLetter(
  ports: ContentPorts,
  { payload_days }: EndingProject,
  letter: DeadLetter,
): Promise<number | undefined> {
  if (letter.run.redacted_at !== undefined) return undefined;
  const now = ports.clock.now();
  const since = letter.status === 'replayed' ? letter.updated_at : letter.created_at;
  const end = since + payload_days * DAY_MS;
  if (end > now) return end;
  if (await close(ports, letter, payload_days)) await ports.deadLetters.redact(redactedLetter(letter, now));
  return now + DAY_MS; // unless it was replayed at the same time, it is redacted then
}

/** Without its payload a dead letter cannot be replayed. Answers whether it is closed. */
async function close({ clock, deadLetters }: ContentPorts, letter: DeadLetter, days: number): Promise<boolean> {
  const note = `Its content has ended, after ${days} days.`;
  return letter.status !== 'open' || deadLetters.markResolved(letter, clock.now(), note);
}

async function endEvent(ports: ContentPorts, project: EndingProject, stored: ListedEvent): Promise<number | undefined> {
  const { event } = stored;
  if (event.redacted_at !== undefined) return undefined;
  const now = ports.clock.now();
  if (!isFannedOut(stored) || (await isNeeded(ports, project, event.id))) return now + DAY_MS;
  await ports.events.redact(redactedEvent(event, now));
  return undefined;
}

/** Whether a run of the event has content, which may lie in the event. */
async function isNeeded({ runLists }: ContentPorts, project: Project, event_id: string): Promise<boolean> {
  let before: string | undefined;
  do {
    const { rows, end } = await runLists.runs([project], { event_id }, before, PAGE);
    if (rows.some(({ definition }) => definition.redacted_at === undefined)) return true;
    before = end;
  } while (before !== undefined);
  return false;
}
