import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  ConflictError,
  NotFoundError,
  type Punctual,
  type Schemas,
  UnreachableError,
} from '../../clients/typescript/punctual.js';
import { client } from '../credentials.js';
import { CommandFault, EXIT, explain } from '../exit-codes.js';
import { gathered } from '../input.js';
import { coloured, print } from '../output.js';
import { type CommonOptions, leaf } from '../program.js';

type Request = Schemas['ListenerRequest'];
type Answer = Schemas['ListenerAnswer'];

interface ListenOptions extends CommonOptions {
  readonly endpoint?: string[];
  readonly path?: string;
  readonly takeOver?: boolean;
}

/** The API ends a listener that has not asked for so long. */
const LEASE_MS = 60_000;
const TRY_AGAIN_MS = 2_000;
/** What is under way at the end may be answered for so long. */
const LAST_ANSWERS_MS = 5_000;
/** Characters of an answer that are sent on; the API keeps less. */
const MOST_TEXT = 8_000;

export function listenCommand(program: Command): void {
  leaf(program, 'listen')
    .description('let the calls of endpoints come to this machine, in place of their URLs')
    .argument('<to>', 'a port of this machine, or the address of a server: 3000, http://app.local:3000')
    .option(
      '--endpoint <name or id>',
      'may be given several times; needed unless the project has a single one',
      gathered,
    )
    .option('--path <path>', "call this path in place of that of the endpoint's URL")
    .option('--take-over', 'end the listeners that have the endpoints now')
    .action(listen);
}

async function listen(to: string, options: ListenOptions): Promise<void> {
  const punctual = client(options.profile);
  const base = addressOf(to);
  const endpoints = await chosen(punctual, options.endpoint ?? []);
  const start = () =>
    started(
      punctual,
      endpoints.map(({ id }) => id),
      options.takeOver,
    );
  let { id } = await start();
  const names = endpoints.map(({ name, id }) => `${name} (${id})`).join(', ');
  const keys = process.stdin.isTTY ? 'r sends the last one again, Ctrl-C ends.' : 'Ctrl-C ends.';
  note(options, `Calls of ${names} come to ${base.origin}${options.path ?? ', at the path of their URLs'}. ${keys}`);

  const underWay = new Set<Promise<void>>();
  let last: Request | undefined;
  const ending = endings(() => last && replay(punctual, last, options));
  // What is taken meanwhile is answered, too: the API tells by a 404 that no more can come.
  let over: Promise<void> | undefined;
  ending.addEventListener('abort', () => {
    over = punctual.listeners.end(id);
    over.catch(() => {}); // told below
  });
  for (let heard = Date.now(); ; ) {
    try {
      const requests = await punctual.listeners.take(id);
      heard = Date.now();
      for (const request of requests) {
        last = request;
        const answering = relay(punctual, id, request, base, options).finally(() => underWay.delete(answering));
        underWay.add(answering);
      }
    } catch (error) {
      if (ending.aborted) break;
      if (error instanceof UnreachableError) {
        note(options, `${error.message}. Trying again.`);
        await sleep(TRY_AGAIN_MS, undefined, { signal: ending }).catch(() => {});
      } else if (!(error instanceof NotFoundError)) throw error;
      else if (Date.now() - heard < LEASE_MS)
        throw new CommandFault('The listener was ended by another request: the URLs are called again.', EXIT.failed);
      else {
        id = (await start()).id;
        note(options, 'The listener had ended, as it asked for nothing for a minute. Another one is started.');
      }
    }
  }
  await over;
  await Promise.race([Promise.all(underWay), sleep(LAST_ANSWERS_MS, undefined, { ref: false })]);
  note(options, 'Ended: the URLs are called again.');
  process.exit(0); // the terminal would keep the process
}

function addressOf(to: string): URL {
  const text = /^\d+$/.test(to) ? `http://localhost:${to}` : to;
  if (URL.canParse(text) && new URL(text).protocol === 'http:') return new URL(text);
  throw new CommandFault(`${to} is neither a port nor an address such as http://app.local:3000.`);
}

async function chosen({ endpoints }: Punctual, named: readonly string[]): Promise<Schemas['Endpoint'][]> {
  if (named.length > 0) return Promise.all(named.map((name) => endpointOf(endpoints, name)));
  const two = (await endpoints.list({ page_size: 2 }).page()).data;
  if (two.length === 1) return [...two];
  const why = two.length === 0 ? 'The project has no endpoint.' : 'The project has several endpoints.';
  throw new CommandFault(`${why} Name one by --endpoint.`);
}

async function endpointOf(endpoints: Punctual['endpoints'], name: string): Promise<Schemas['Endpoint']> {
  if (name.startsWith('ep_')) return endpoints.get(name);
  const found: Schemas['Endpoint'][] = [];
  for await (const endpoint of endpoints.list({ name })) found.push(endpoint);
  if (found.length === 1) return found[0]!;
  const ids = found.map(({ id }) => id).join(', ');
  throw new CommandFault(
    found.length === 0 ? `There is no endpoint ${name}.` : `Several endpoints are called ${name}: give an id, ${ids}.`,
    found.length === 0 ? EXIT.notFound : EXIT.wrongUse,
  );
}

async function started(
  { listeners }: Punctual,
  ids: readonly string[],
  takeOver = false,
): Promise<Schemas['Listener']> {
  try {
    return await listeners.start(ids);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    if (!takeOver) throw new CommandFault(`${error.message} To end it, add --take-over.`, EXIT.failed);
    for (const other of await listeners.list())
      if (other.endpoint_ids.some((id) => ids.includes(id))) await listeners.end(other.id);
    return listeners.start(ids);
  }
}

/** Is aborted by Ctrl-C, or when the process is to end; a second time ends it at once. On a terminal `r` is a key, too. */
function endings(onReplay: () => void): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    if (controller.signal.aborted) process.exit(EXIT.failed);
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  if (process.stdin.isTTY) {
    process.stdin.setRawMode(true);
    process.stdin.unref().on('data', (keys) => {
      for (const key of keys.toString()) {
        if (key === '\u0003') end();
        if (key === 'r') onReplay();
      }
    });
  }
  return controller.signal;
}

async function relay(punctual: Punctual, listener: string, request: Request, base: URL, options: ListenOptions) {
  const url = new URL(options.path ?? pathOf(request.url), base);
  const begun = Date.now();
  const answer = await call(url, request);
  const ms = Date.now() - begun;
  const refused = await punctual.listeners.answer(listener, request.id, answer).then(() => undefined, reasonOf);
  tell(options, { request, url, answer, ms, refused });
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** One request, as the service would send it to the URL. */
async function call(url: URL, { method, headers, body, expires_at }: Request): Promise<Answer> {
  const timeLeft = AbortSignal.timeout(Math.max(1, Date.parse(expires_at) - Date.now()));
  try {
    const framed = body !== '' || !['GET', 'HEAD', 'DELETE'].includes(method);
    const length = framed && { 'content-length': String(Buffer.byteLength(body)) };
    const sent = httpRequest(url, { method, headers: { ...headers, ...length }, signal: timeLeft });
    sent.on('error', () => {}); // also after the answer has begun, which is told by its end
    sent.end(body);
    const [response] = await once(sent, 'response');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text = (text + chunk).slice(0, MOST_TEXT);
    return { status: response.statusCode, headers: plain(response.headers), body: text };
  } catch (error) {
    const { code = 'FAILED' } = error as NodeJS.ErrnoException;
    return { error: timeLeft.aborted ? 'ETIMEDOUT' : code };
  }
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]));
}

interface Told {
  readonly request: Request;
  readonly url: URL;
  readonly answer: Answer;
  readonly ms: number;
  /** Why the API did not take the answer. */
  readonly refused: string | undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: is the server up?',
  ECONNRESET: 'closed the connection without an answer',
  ETIMEDOUT: 'no answer in time',
};

function tell(options: ListenOptions, { request, url, answer, ms, refused }: Told): void {
  const { task_id, endpoint_id, attempt, name, method } = request;
  const { status, error } = answer;
  const outcome = error === undefined ? String(status) : (WORDS[error] ?? error);
  const isGood = status !== undefined && status >= 200 && status < 300;
  const words = [
    new Date().toISOString().slice(11, 19),
    name ?? task_id,
    `${method} ${url.pathname}${url.search} → ${coloured(outcome, isGood ? 'green' : 'red')}`,
    `${ms} ms`,
    `attempt ${attempt}`,
    ...(refused === undefined ? [] : [coloured(refused, 'red')]),
  ];
  const told = { task_id, endpoint_id, attempt, name, method, url: url.href, ms, refused: refused ?? null };
  print(options, { ...told, status: status ?? null, error: error ?? null }, words.join('  '));
}

/** A run that waits for its retry is tried now; of an ended one a new one is made. */
async function replay(punctual: Punctual, { task_id }: Request, options: ListenOptions): Promise<void> {
  try {
    const { status } = await punctual.tasks.get(task_id);
    const isRetry = status === 'retry_scheduled';
    const run = isRetry
      ? await punctual.retryJobs.run(task_id.replace('run_', 'rj_'))
      : await punctual.tasks.resend(task_id);
    note(options, isRetry ? `${run.id} is tried again now.` : `${task_id} is sent again, as ${run.id}.`);
  } catch (error) {
    note(options, reasonOf(error));
  }
}

const reasonOf = (error: unknown): string => explain(error)?.message ?? String(error);

/** For persons: programs read lines of JSON alone. */
function note({ json }: ListenOptions, text: string): void {
  (json ? process.stderr : process.stdout).write(`${text}\n`);
}
