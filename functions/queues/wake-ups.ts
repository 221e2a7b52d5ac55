import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../primitives/clock.js';
import { hexOf, pickBy } from '../primitives/ids.js';
import type { FirePosition, WakeUps } from '../protocol/rules/ports.js';
import type { LaneToken } from '../protocol/rules/token.js';
import type { Lane } from '../subjects/endpoints/endpoint.js';
import { createQueueSender } from './queue-sender.js';

export interface WakeUpSettings {
  readonly lanes: Readonly<Record<Lane, { readonly url: string; readonly arn: string }>>;
  readonly wakeUpQueueUrl: string;
  readonly wakeUpQueueArn: string;
  readonly scheduleGroup: string;
  readonly schedulerRoleArn: string;
  readonly schedulerDlqArn: string;
}

/** SQS: the most that DelaySeconds can be. */
const MAX_DELAY_SECONDS = 900;
/** EventBridge Scheduler may fire up to 60 s late; in the rest of the lead the consumer puts the message back. */
export const LEAD_MS = 90_000;
/** Milliseconds over which one moment's wake-ups are spread, below the Scheduler's quota of invocations per second. */
export const SPREAD_MS = 720_000;
/** The earliest `at()`, in milliseconds from now: AWS does not document an `at()` in the past. */
const SOONEST_AT_MS = 60_000;
/** Delay of a token that the dispatcher puts back. */
const PUT_BACK_SECONDS = 1;
/** A first attempt arrives this early; the deliverer waits for the exact millisecond. */
export const HOLD_MARGIN_MS = 1_000;

/** Wake-ups: an SQS delay up to 15 minutes ahead, else a one-time EventBridge schedule that sends the same message. */
export function createWakeUps(
  sqs: SQSClient,
  scheduler: () => SchedulerClient,
  settings: WakeUpSettings,
  clock: Clock,
): WakeUps {
  const lanes = {
    fast: createQueueSender(sqs, settings.lanes.fast.url),
    slow: createQueueSender(sqs, settings.lanes.slow.url),
  };
  const wakeUpQueue = createQueueSender(sqs, settings.wakeUpQueueUrl);

  return {
    async sendToLane(lane, token, due) {
      const wait = due - clock.now();
      if (wait > MAX_DELAY_SECONDS * 1000)
        return arm(
          scheduleName(token.run, token.attempt, hopOf(token)),
          settings.lanes[lane].arn,
          token,
          due,
          token.run,
        );
      const delay = delaySeconds(token, due, wait);
      await lanes[lane]({ body: JSON.stringify(token), delaySeconds: delay, group: token.group });
    },

    sendToDispatcher: (token, waitSeconds = token.hop === 0 ? 0 : PUT_BACK_SECONDS) =>
      wakeUpQueue({ body: JSON.stringify(token), delaySeconds: waitSeconds }),

    disarm: (run, attempt) => deleteSchedule(scheduleName(run, attempt, '0')),

    async sendFire(token, wakeAt) {
      const wait = wakeAt - clock.now();
      if (wait > MAX_DELAY_SECONDS * 1000)
        return arm(fireScheduleName(token, token.hop), settings.wakeUpQueueArn, token, wakeAt, token.schedule);
      await wakeUpQueue({ body: JSON.stringify(token), delaySeconds: Math.max(0, Math.ceil(wait / 1000)) });
    },

    fireName: (position, wakeAt) =>
      wakeAt - clock.now() > MAX_DELAY_SECONDS * 1000 ? fireScheduleName(position, 0) : undefined,

    disarmFire: (position) => deleteSchedule(fireScheduleName(position, 0)),
  };

  async function deleteSchedule(Name: string): Promise<void> {
    const deletion = new DeleteScheduleCommand({ GroupName: settings.scheduleGroup, Name });
    await scheduler().send(deletion).catch(ignore(ResourceNotFoundException));
  }

  /** `spreadBy`: the id whose random end decides how long before `due` the message is sent. */
  async function arm(Name: string, queueArn: string, token: object, due: number, spreadBy: string): Promise<void> {
    const now = clock.now();
    const at = new Date(Math.max(now + SOONEST_AT_MS, due - LEAD_MS - pickBy(spreadBy, SPREAD_MS)));
    const creation = new CreateScheduleCommand({
      GroupName: settings.scheduleGroup,
      Name,
      ScheduleExpression: `at(${at.toISOString().slice(0, 19)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: queueArn,
        RoleArn: settings.schedulerRoleArn,
        Input: JSON.stringify(token),
        DeadLetterConfig: { Arn: settings.schedulerDlqArn },
      },
    });
    await scheduler().send(creation).catch(ignore(ConflictException)); // armed already, by an earlier try
  }
}

/**
 * A first attempt must be on time, so its token arrives one to two seconds before the due moment. A token with a booked
 * moment arrives up to a second before, so that no booked moment passes unused. Retries and other tokens arrive up to a
 * second after the moment.
 */
function delaySeconds(token: LaneToken, due: number, wait: number): number {
  if (token.kind === 'deliver' && token.turn?.at === due) return Math.max(0, Math.floor(wait / 1000));
  const exact = token.kind === 'deliver' && token.attempt === 1 && token.due === due;
  const seconds = exact ? Math.floor((wait - HOLD_MARGIN_MS) / 1000) : Math.ceil(wait / 1000);
  return Math.min(MAX_DELAY_SECONDS, Math.max(0, seconds));
}

/** At most 64 characters. Attempt numbers are unique in a run, so the name of a fired schedule is never reused. */
function scheduleName(run: string, attempt: number, hop: string): string {
  return `d-${hexOf(run)}-${attempt}-${hop}`;
}

/** Two bookings of one attempt are two messages, so their names differ: a second booking must not count as armed. */
function hopOf(token: LaneToken): string {
  const turn = token.kind === 'deliver' ? token.turn : undefined;
  return turn ? `${token.hop}-${turn.n}-${turn.at.toString(36)}` : `${token.hop}`;
}

/** The name has generation and occurrence: a fired schedule lingers, and a reused name would look armed already. */
function fireScheduleName({ schedule, gen, occurrence }: FirePosition, hop: number): string {
  return `s-${hexOf(schedule)}-${gen}-${occurrence.toString(36)}-${hop}`;
}

function ignore(kind: new (...args: never[]) => Error): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof kind)) throw error;
  };
}
