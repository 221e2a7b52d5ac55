import type { Command } from 'commander';
import type { NewTask, Punctual, Schemas } from '../../clients/typescript/punctual.js';
import { client } from '../credentials.js';
import { EXIT } from '../exit-codes.js';
import { destinationOf, gathered, headersOf, LABEL, type Labels, payloadOf, secondsOf } from '../input.js';
import { print, status } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

interface SendOptions extends CommonOptions {
  readonly at?: string;
  readonly in?: string;
  readonly name?: string;
  readonly label?: Labels;
  readonly retryPolicy?: string;
  readonly text?: boolean;
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
}

const PAYLOAD = 'JSON, @file with JSON, or - for standard input';

export function sendCommands(program: Command): void {
  leaf(program, 'send')
    .description('send a payload to an endpoint or a URL, now or later')
    .argument('<to>', 'an endpoint (ep_…) or a URL')
    .argument('[payload]', PAYLOAD)
    .option('--at <moment>', 'when: ISO 8601 with its offset, 2030-01-31T09:00:00Z')
    .option('--in <span>', 'when, from now: 90s, 15m, 2h, 1d')
    .option('--name <name>', 'shown in lists')
    .option(...LABEL)
    .option('--retry-policy <id>', 'a retry policy (rp_…)')
    .option('--text', 'the payload is no JSON: send it as it is')
    .option('--wait', 'wait for the outcome; exit code 1 unless it is a success')
    .option('--idempotency-key <key>', 'repeats within 24 hours under the same key are one task')
    .action(send);
  leaf(program, 'wait')
    .description('wait for the outcome of a task run; exit code 1 unless it is a success')
    .argument('<id>', 'run_…')
    .option('--for <span>', 'at most so long: 90s, 15m; else until it has ended')
    .action(wait);
  leaf(program, 'resend')
    .description('send the content of an ended task run again, as a new one')
    .argument('<id>', 'run_…')
    .argument('[payload]', `another payload: ${PAYLOAD}`)
    .option('--to <id>', 'to this endpoint (ep_…)')
    .option(
      '--header <header>',
      'of an inline target, in place of all its headers: "X-Reason: corrected", or "Authorization: ***" to keep that one; may be repeated',
      gathered,
    )
    .option('--text', 'the payload is no JSON: send it as it is')
    .action(resend);
  leaf(program, 'publish')
    .description('publish an event to all endpoints that listen to it')
    .argument('<event>', 'its name: invoice.paid')
    .argument('[payload]', PAYLOAD)
    .option('--key <key>', "the business's own key, to search for")
    .option(...LABEL)
    .option('--text', 'the payload is no JSON: send it as it is')
    .option('--idempotency-key <key>', 'repeats within 24 hours under the same key are one event')
    .action(publish);
}

async function send(to: string, given: string | undefined, options: SendOptions): Promise<void> {
  const punctual = client(options.profile);
  const task: NewTask = {
    ...destinationOf(to),
    ...payloadOf(given, options.text),
    ...(options.at !== undefined && { run_at: options.at }),
    ...(options.in !== undefined && { delay_seconds: secondsOf(options.in) }),
    ...(options.name !== undefined && { name: options.name }),
    ...(options.label && { labels: options.label }),
    ...(options.retryPolicy !== undefined && { retry_policy_id: options.retryPolicy }),
  };
  const run = await punctual.tasks.create(task, keyOf(options));
  if (!options.wait) return print(options, run, `${run.id}  ${status(run.status)}  due ${run.run_at}`);
  tellOutcome(options, await outcome(punctual, run.id));
}

async function outcome(punctual: Punctual, id: string): Promise<Schemas['TaskRunWithAttempts']> {
  for (;;) {
    const run = await punctual.tasks.wait(id);
    if (run.finished_at !== null) return run;
  }
}

/** The run, and exit code 1 unless it was a success. */
function tellOutcome(options: CommonOptions, run: Schemas['TaskRunWithAttempts']): void {
  const last = run.attempts.at(-1);
  const told = last ? `  ${last.http_status ?? last.error?.message}  ${Math.round(last.latency_ms)} ms` : '';
  print(options, run, `${run.id}  ${status(run.status)}${told}`);
  if (run.status !== 'success') process.exitCode = EXIT.failed;
}

interface WaitOptions extends CommonOptions {
  readonly for?: string;
}

async function wait(id: string, options: WaitOptions): Promise<void> {
  const punctual = client(options.profile);
  const forMs = options.for === undefined ? undefined : secondsOf(options.for) * 1_000;
  tellOutcome(options, await (forMs === undefined ? outcome(punctual, id) : punctual.tasks.wait(id, { forMs })));
}

interface ResendOptions extends CommonOptions {
  readonly to?: string;
  readonly header?: readonly string[];
  readonly text?: boolean;
}

async function resend(id: string, given: string | undefined, { to, header, ...options }: ResendOptions): Promise<void> {
  const body = {
    ...payloadOf(given, options.text),
    ...(to !== undefined && { endpoint_id: to }),
    ...(header && { headers: headersOf(header, true) }),
  };
  const run = await client(options.profile).tasks.resend(id, body);
  print(options, run, `${run.id}  ${status(run.status)}  again from ${id}`);
}

interface PublishOptions extends CommonOptions {
  readonly label?: Labels;
  readonly key?: string;
  readonly text?: boolean;
  readonly idempotencyKey?: string;
}

async function publish(event_name: string, given: string | undefined, options: PublishOptions): Promise<void> {
  const event = {
    event_name,
    ...payloadOf(given, options.text),
    ...(options.key !== undefined && { event_key: options.key }),
    ...(options.label && { labels: options.label }),
  };
  const made = await client(options.profile).events.publish(event, keyOf(options));
  print(options, made, `${made.id}  ${made.event_name}`);
}

const keyOf = ({ idempotencyKey }: { readonly idempotencyKey?: string }) =>
  idempotencyKey === undefined ? {} : { idempotencyKey };
