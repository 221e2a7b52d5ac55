import { type Definition, nameSchema, parseDefinition, parseInput } from './definition.js';
import { alreadyExists, doesNotExist, validationError } from './errors.js';
import type { Ledger } from './ledger.js';
import { type Schedule, scheduleArn } from './schedule.js';

/** Default and largest page size. */
const MAX_RESULTS = 100;

/** The API's operations on the ledger; `query` holds a request's query parameters. */
export class Operations {
  constructor(
    private readonly ledger: Ledger,
    private readonly now: () => number,
  ) {}

  createSchedule(request: { ClientToken?: string }): object {
    const definition = parseDefinition(request);
    this.checkGroup(definition.GroupName);
    const ScheduleArn = scheduleArn(definition);
    const existing = this.ledger.schedules.get(ScheduleArn);
    const clientToken = request.ClientToken;
    // The SDK sends a client token, so that its retry of a successful call is no conflict.
    if (existing && (clientToken === undefined || existing.clientToken !== clientToken)) {
      throw alreadyExists('Schedule', definition.Name);
    }
    const now = this.now();
    if (!existing) this.put({ definition, clientToken, createdAt: now, modifiedAt: now, armedAt: now });
    return { ScheduleArn };
  }

  updateSchedule(request: object): object {
    const definition = parseDefinition(request);
    const { firedAt, ...before } = this.schedule(definition.GroupName, definition.Name);
    const now = this.now();
    const sameTimes = before.definition.ScheduleExpression === definition.ScheduleExpression;
    const progress = sameTimes ? (firedAt === undefined ? {} : { firedAt }) : { armedAt: now };
    this.put({ ...before, definition, modifiedAt: now, ...progress });
    return { ScheduleArn: scheduleArn(definition) };
  }

  getSchedule(name: string, query: URLSearchParams): object {
    const { definition, createdAt, modifiedAt } = this.schedule(query.get('groupName') ?? 'default', name);
    return { ...definition, Arn: scheduleArn(definition), ...dates(createdAt, modifiedAt) };
  }

  deleteSchedule(name: string, query: URLSearchParams): object {
    const { definition } = this.schedule(query.get('groupName') ?? 'default', name);
    this.ledger.record({ scheduleDeleted: scheduleArn(definition) });
    return {};
  }

  listSchedules(query: URLSearchParams): object {
    const group = query.get('ScheduleGroup');
    const state = query.get('State');
    if (group !== null) this.checkGroup(group);
    const found = [...this.ledger.schedules.values()].filter(
      ({ definition }) =>
        (group === null || definition.GroupName === group) && (state === null || definition.State === state),
    );
    const { page, NextToken } = paged(found, ({ definition }) => `${definition.Name}/${definition.GroupName}`, query);
    return { Schedules: page.map(summaryOf), NextToken };
  }

  /** Creates the group if it is absent. */
  defineGroup(name: string): void {
    if (!this.ledger.groups.has(name)) this.ledger.record({ group: { name } });
  }

  private put(schedule: Schedule): void {
    this.ledger.record({ schedule });
  }

  private schedule(group: string, name: string): Schedule {
    parseInput(nameSchema, name);
    this.checkGroup(group);
    const schedule = this.ledger.schedules.get(scheduleArn({ GroupName: group, Name: name } as Definition));
    if (!schedule) throw doesNotExist('Schedule', name);
    return schedule;
  }

  private checkGroup(name: string): void {
    if (!this.ledger.groups.has(name)) throw doesNotExist('Schedule group', name);
  }
}

function summaryOf({ definition, createdAt, modifiedAt }: Schedule): object {
  const { Name, GroupName, State, Target } = definition;
  const Arn = scheduleArn(definition);
  return { Arn, Name, GroupName, State, Target: { Arn: Target.Arn }, ...dates(createdAt, modifiedAt) };
}

/** Unix seconds, as in REST-JSON. */
function dates(createdAt: number, modifiedAt: number): object {
  return { CreationDate: createdAt / 1000, LastModificationDate: modifiedAt / 1000 };
}

/** One page of items that match NamePrefix, sorted by `keyOf`, which must begin with the name; the token is a key. */
function paged<Item>(items: Item[], keyOf: (item: Item) => string, query: URLSearchParams) {
  const prefix = query.get('NamePrefix') ?? '';
  const after = query.get('NextToken') ?? '';
  const limit = Number(query.get('MaxResults') ?? MAX_RESULTS);
  if (!(limit >= 1 && limit <= MAX_RESULTS)) throw validationError(`MaxResults must be from 1 to ${MAX_RESULTS}.`);
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  const rest = keyed
    .filter(({ key }) => key.startsWith(prefix) && key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = rest.slice(0, limit);
  return { page: page.map(({ item }) => item), NextToken: rest.length > limit ? page.at(-1)?.key : undefined };
}
