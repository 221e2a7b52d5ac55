import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Punctual, Schemas } from '../../clients/typescript/punctual.js';
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
  const { deliveries } = client(options.profile);
  const filter = {
    ...(options.endpoint !== undefined && { endpoint_id: options.endpoint }),
    ...(options.task !== undefined && { task_id: options.task }),
    ...(options.status !== undefined && { status: options.status as Attempt['status'] }),
  };
  const earlier = (await deliveries.list({ ...filter, page_size: PAGE }).page()).data;
  const seen = new Set(earlier.map(({ id }) => id));
  for (const attempt of earlier.slice(0, options.last).reverse()) tell(options, attempt);
  while (options.follow) {
    await sleep(POLL_MS);
    for (const attempt of (await unseen(deliveries, filter, seen)).reverse()) tell(options, attempt);
  }
}

/** Page by page, newest first, until a whole page is known: an attempt is in the list from its end on, at its beginning's place. */
async function unseen(
  deliveries: Punctual['deliveries'],
  filter: Parameters<Punctual['deliveries']['list']>[0],
  seen: Set<string>,
): Promise<Attempt[]> {
  const found: Attempt[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await deliveries.list({ ...filter, page_size: PAGE, ...(cursor && { cursor }) }).page();
    const fresh = page.data.filter(({ id }) => !seen.has(id));
    found.push(...fresh);
    for (const { id } of fresh) seen.add(id);
    cursor = fresh.length === 0 || seen.size === fresh.length ? null : page.next_cursor;
  } while (cursor !== null);
  return found;
}

function tell(options: TailOptions, attempt: Attempt): void {
  const { finished_at, status: word, http_status, latency_ms, task_id, endpoint_id, attempt: number, error } = attempt;
  const why = error ? `  ${error.message}` : '';
  const line = `${finished_at}  ${status(word)}  ${http_status ?? '---'}  ${Math.round(latency_ms)} ms  ${task_id}  attempt ${number}  ${endpoint_id ?? 'URL'}${why}`;
  print(options, attempt, line);
}
