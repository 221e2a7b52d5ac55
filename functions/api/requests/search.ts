import { siblingId, timeOf } from '../../primitives/ids.js';
import { isoTime } from '../../primitives/moments.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';
import { FOUND, type FoundPrefix } from '../../subjects/projects/search.js';
import type { Found } from '../../subjects/projects/search-answers.js';
import { madeUnderKey } from './made-under-key.js';

const MOST = 20;

type Ports = Pick<
  ApiPorts,
  | 'bulkJobs'
  | 'config'
  | 'configStore'
  | 'deadLetters'
  | 'eventLists'
  | 'events'
  | 'idempotency'
  | 'runLists'
  | 'schedules'
  | 'searchIndex'
  | 'secrets'
>;

/** What is found: the id, and what of the object fits. */
type Hit = readonly [id: string, by: Found['by']];

/**
 * The objects of a project whose id, key, name or label begins with the text, or whose event key or Idempotency-Key it
 * is. All look-ups are bounded, whatever the project has: none of them reads on.
 */
export async function search(ports: Ports, project: Project, text: string): Promise<Found[]> {
  const prefix = prefixOf(text);
  const hits = prefix
    ? (await ports.searchIndex.ids(project, prefix, text, MOST)).map((id): Hit => [id, 'id'])
    : await hitsOf(ports, project, text);
  const unique = new Map<string, Hit>();
  for (const hit of hits) if (!unique.has(hit[0])) unique.set(hit[0], hit);
  const wanted = [...unique.values()].slice(0, MOST);
  const found = await Promise.all(wanted.map((hit) => shown(ports, project.id, hit)));
  return found.flatMap((one) => one ?? []);
}

/** The prefix of an id, of which at least the underscore is there. */
function prefixOf(text: string): FoundPrefix | undefined {
  const [, prefix = ''] = /^([a-z]{2,4})_[0-9a-f]{0,32}$/.exec(text) ?? [];
  return prefix in FOUND ? (prefix as FoundPrefix) : undefined;
}

async function hitsOf(ports: Ports, project: Project, text: string): Promise<Hit[]> {
  const { searchIndex, eventLists } = ports;
  const by =
    (by: Found['by']) =>
    (ids: readonly string[]): Hit[] =>
      ids.map((id) => [id, by]);
  const isKey = /^[\x20-\x7e]+$/.test(text);
  const found = await Promise.all([
    searchIndex.keyed(project.id, text, MOST).then(by('key')),
    searchIndex.named(project, text, MOST).then(by('name')),
    eventLists
      .events([project], { event_key: text }, undefined, MOST)
      .then(({ rows }) => rows.map(({ id }) => id))
      .then(by('event_key')),
    ...(isKey
      ? (['tasks', 'events'] as const).map((made) =>
          madeUnderKey(ports, project, made, text).then(by('idempotency_key')),
        )
      : []),
    ...(text.indexOf(':') > 0 ? [searchIndex.labelled(project, text, MOST).then(by('label'))] : []),
  ]);
  return found.flat();
}

/** Undefined for an object that is gone. */
async function shown(ports: Ports, project: string, [id, by]: Hit): Promise<Found | undefined> {
  const prefix = id.split('_')[0] as FoundPrefix;
  const object = await NAMES[prefix](ports, project, id);
  return object && { kind: FOUND[prefix], id, name: object.name ?? null, by, created_at: isoTime(timeOf(id)) };
}

interface Named {
  readonly name?: string | undefined;
}

/** The name of an object; undefined for one that is gone. */
const NAMES: Readonly<Record<FoundPrefix, (ports: Ports, project: string, id: string) => Promise<Named | undefined>>> =
  {
    ep: ({ config }, project, id) => config.endpoint(project, id),
    rp: ({ configStore }, project, id) => configStore.retryPolicy(project, id),
    async sch({ schedules }, project, schedule) {
      const found = await schedules.find({ project, schedule });
      return found.clock?.status === 'deleted' ? undefined : found.schedule;
    },
    run: ofRun,
    evt: ofEvent,
    ntf: ofEvent,
    async att({ runLists }, project, id) {
      const attempt = await runLists.attempt(project, id);
      return attempt && ofRun({ runLists }, project, attempt.run_id);
    },
    async dl({ deadLetters }, project, id) {
      const letter = await deadLetters.find({ project, run: siblingId('run', id) });
      return letter && { name: letter.run.title };
    },
    async bulk({ bulkJobs }, project, id) {
      return (await bulkJobs.find(project, id)) && {};
    },
  };

async function ofRun({ runLists }: Pick<Ports, 'runLists'>, project: string, id: string): Promise<Named | undefined> {
  const [run] = await runLists.byIds(project, [id]);
  return run && { name: run.definition.title ?? run.definition.event?.name };
}

async function ofEvent({ events }: Ports, project: string, id: string): Promise<Named | undefined> {
  const stored = await events.find(project, id);
  return stored && { name: stored.event.event_name };
}
