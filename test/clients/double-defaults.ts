import { PunctualDouble } from '../../clients/typescript/testing.js';

type Shown = Readonly<Record<string, unknown>>;

/** Of a kind of object: what a new one shows where its request says nothing. */
interface Defaults {
  readonly prefix: string;
  /** What a search calls it. */
  readonly found: string;
  readonly shown: Shown;
  /** Fields whose default is the present moment. */
  readonly moments: readonly string[];
  /** What only the answer to the creation has. */
  readonly once: Shown;
  /** What only the answer about one object has. */
  readonly whole: Shown;
  /** Fields that lists leave out. */
  readonly alone: readonly string[];
}

/** What the double of the TypeScript client answers, from which the doubles of the other clients take their defaults. */
export async function doubleDefaults() {
  const double = new PunctualDouble();
  const { tasks, events, endpoints, schedules, retryPolicies, deadLetters } = double;
  const inline = await tasks.create({ target: { url: 'https://a.example' } });
  const { url: _, ...target } = inline.target!;
  double.end(inline.id, 'dead_letter');
  const [letter] = (await deadLetters.list().page()).data;
  const job = await tasks.cancelAll({ ids: [] });
  const jobs = { get: (id: string) => double.bulkJob(id), list: () => ({ page: async () => ({ data: [job] }) }) };
  const kinds: [string, { id: string }, { get: Getter; list: Lister }][] = [
    ['tasks', await tasks.create({}), tasks],
    ['events', await events.publish({ event_name: 'a', payload: null }), events],
    ['endpoints', await endpoints.create({ name: 'a', url: 'a' }), endpoints],
    ['schedules', await schedules.create({ name: 'a' }), schedules],
    ['retry-policies', await retryPolicies.create({ name: 'a' }), retryPolicies],
    ['dead-letters', (await deadLetters.get(letter!.id)) as { id: string }, deadLetters],
    ['bulk-jobs', job, jobs],
  ];
  const made = kinds.map(async ([kind, created, group]) => {
    const [{ kind: found } = { kind: '' }] = await double.search(created.id);
    return [kind, { found, ...(await defaultsOf(created, group)) }] as const;
  });
  return { target, kinds: Object.fromEntries(await Promise.all(made)) };
}

type Getter = (id: string) => Promise<object>;
type Lister = () => { page(): Promise<{ data: readonly { id: string }[] }> };

async function defaultsOf(
  created: { id: string },
  { get, list }: { get: Getter; list: Lister },
): Promise<Omit<Defaults, 'found'>> {
  const whole = (await get(created.id)) as Shown;
  const listed = (await list().page()).data.find(({ id }) => id === created.id)!;
  const { id, ...own } = without(created, (name) => !(name in whole)) as { id: string } & Shown;
  const moments = Object.keys(own).filter((name) => /^\d{4}-\d\d-\d\dT/.test(String(own[name])));
  const others = Object.keys(own).filter((name) => String(own[name]).startsWith('run_'));
  return {
    prefix: id.split('_')[0]!,
    shown: without(own, (name) => [...moments, ...others].includes(name)),
    moments,
    once: without(created, (name) => name in whole),
    whole: without(whole, (name) => name in created),
    alone: Object.keys(whole).filter((name) => !(name in listed)),
  };
}

function without(object: object, leaves: (name: string) => boolean): Shown {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !leaves(name)));
}
