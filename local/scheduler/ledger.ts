import { openJournal } from '../journal.js';
import { type Invocation, type Schedule, scheduleArn } from './schedule.js';

/** One change in the journal. */
type Entry =
  | { group: { name: string } }
  | { schedule: Schedule }
  | { scheduleDeleted: string }
  /** The schedule has fired; the invocation is under way until it is settled. */
  | { invocation: Invocation }
  | { settled: string };

/** The journal is rewritten once it has this many entries more than four times the living entries. */
const MIN_HISTORY = 1000;

/** All groups, schedules (by ARN) and invocations under way. Every change is in the journal before it takes effect. */
export class Ledger {
  readonly groups = new Set<string>();
  readonly schedules = new Map<string, Schedule>();
  readonly invocations = new Map<string, Invocation>();
  /** Is told the ARN of each schedule that a change may have put to another moment. */
  onSchedule: (arn: string) => void = () => {};
  private readonly journal;
  private entries: number;

  constructor(file: string | undefined) {
    this.journal = openJournal<Entry>(file);
    for (const entry of this.journal.replayed) this.apply(entry);
    this.entries = this.journal.replayed.length;
  }

  record(entry: Entry): void {
    this.journal.append(entry);
    this.apply(entry);
    this.entries += 1;
    const alive = this.groups.size + this.schedules.size + this.invocations.size;
    if (this.entries > MIN_HISTORY + 4 * alive) this.compact();
  }

  close(): void {
    this.journal.close();
  }

  private apply(entry: Entry): void {
    if ('group' in entry) this.groups.add(entry.group.name);
    else if ('schedule' in entry) this.put(entry.schedule);
    else if ('scheduleDeleted' in entry) this.remove(entry.scheduleDeleted);
    else if ('invocation' in entry) this.start(entry.invocation);
    else this.invocations.delete(entry.settled);
  }

  private put(schedule: Schedule): void {
    const arn = scheduleArn(schedule.definition);
    this.schedules.set(arn, schedule);
    this.onSchedule(arn);
  }

  private remove(arn: string): void {
    this.schedules.delete(arn);
    this.onSchedule(arn);
  }

  private start(invocation: Invocation): void {
    this.invocations.set(invocation.id, invocation);
    const schedule = this.schedules.get(invocation.scheduleArn);
    if (schedule) schedule.firedAt = invocation.startedAt;
    this.onSchedule(invocation.scheduleArn);
  }

  private compact(): void {
    const entries: Entry[] = [
      ...[...this.groups].map((name) => ({ group: { name } })),
      // Invocations come first: the replay of an invocation sets its schedule's firedAt, and the schedule's entry then
      // sets the final value.
      ...[...this.invocations.values()].map((invocation) => ({ invocation })),
      ...[...this.schedules.values()].map((schedule) => ({ schedule: { ...schedule } })),
    ];
    this.journal.rewrite(entries);
    this.entries = entries.length;
  }
}
