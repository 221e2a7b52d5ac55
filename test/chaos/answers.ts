import type { ServerResponse } from 'node:http';

/** Every way to answer, or not to. */
export type Answer = keyof typeof ANSWERS;

const DRIP_MS = 50;
const POUR_MS = 5;

export const ANSWERS = {
  ok: (response: ServerResponse) => answer(response, 200),
  slow: (response: ServerResponse, chance: number) => void setTimeout(() => answer(response, 200), chance * 250),
  /** Its first 64 KB are read, and its status counts. */
  endless: (response: ServerResponse) => endless(response.writeHead(200)),
  unavailable: (response: ServerResponse) => answer(response, 503),
  notFound: (response: ServerResponse) => answer(response, 404),
  tooMany: (response: ServerResponse) => answer(response.setHeader('retry-after', '1'), 429),
  redirect: (response: ServerResponse) => answer(response.setHeader('location', '/elsewhere'), 302),
  reset: (response: ServerResponse) => void response.socket?.resetAndDestroy(),
  hang: () => {},
  malformed: (response: ServerResponse) => void response.socket?.end('HTTP/1.1 2OO OK\r\nContent-Length: -1\r\n\r\n'),
  brokenOff: (response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 100 }).write('not a hundred');
    setTimeout(() => response.destroy(), DRIP_MS);
  },
  dripping: (response: ServerResponse) => {
    const drip = setInterval(() => response.write('.'), DRIP_MS);
    response.writeHead(200).once('close', () => clearInterval(drip));
  },
} satisfies Record<string, (response: ServerResponse, chance: number) => void>;

/** Answers that are a success for the sender. */
export const GOOD_ANSWERS: ReadonlySet<Answer> = new Set(['ok', 'slow', 'endless']);

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
}

function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(16 * 1024, '.');
  const pouring = setInterval(() => response.writableNeedDrain || response.write(chunk), POUR_MS);
  response.once('close', () => clearInterval(pouring));
}
