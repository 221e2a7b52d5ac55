import type { Command } from 'commander';
import type { Schemas } from '../../clients/typescript/punctual.js';
import { client } from '../credentials.js';
import { print, status } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

type Attempt = Schemas['DeliveryAttempt'];

interface TailOptions extends CommonOptions {
  readonly endpoint?: string;
  readonly task?: string;
  readonly status?: string;
  readonly last: number;
  readonly follow: boolean;
}

const POLL_MS = 1_000;
const PAGE = 100;

export function tailCommand(program: Command): void {
  leaf(program, 'tail')
    .description('show delivery attempts as they happen')
    .option('--endpoint <id>', 'of this endpoint')
    .option('--task <id>', 'of this task run')
    .option('--status <status>', 'success, failed, …')
    .option('-n, --last <number>', 'how many earlier ones first', Number, 10)
    .option('--no-follow', 'end after the earlier ones')
    .action(tail);
}

async function tail(options: TailOptions): Promise<void> {
  const punctual = client(options.profile);
  const filter = {
    ...(options.endpoint !== undefined && { endpoint_id: options.endpoint }),
    ...(options.task !== undefined && { task_id: options.task }),
    ...(options.status !== undefined && { status: options.status as Attempt['status'] }),
  };
  const earlier = (await punctual.deliveries.list({ ...filter, page_size: PAGE }).page()).data;
  const told = new Set(earlier.map(({ id }) => id));
  for (const attempt of earlier.slice(0, options.last).reverse()) tell(options, attempt);
  if (!options.follow) return;
  // The feed begins a minute ago.
  for await (const { data } of punctual.feed({ ...filter, type: 'delivery_attempt' }, { everyMs: POLL_MS }))
    if (!told.has(data.id)) tell(options, data as Attempt);
}

function tell(options: TailOptions, attempt: Attempt): void {
  const { finished_at, status: word, http_status, latency_ms, task_id, endpoint_id, attempt: number, error } = attempt;
  const why = error ? `  ${error.message}` : '';
  const line = `${finished_at}  ${status(word)}  ${http_status ?? '---'}  ${Math.round(latency_ms)} ms  ${task_id}  attempt ${number}  ${endpoint_id ?? 'URL'}${why}`;
  print(options, attempt, line);
}
