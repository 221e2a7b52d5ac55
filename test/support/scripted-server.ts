import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LoopbackServer, serveLoopback } from '../../local/loopback-server.js';

export interface ScriptedServer extends LoopbackServer {
  /** The paths that were asked for, oldest first. */
  readonly asked: string[];
  /** The bodies that came with them. */
  readonly bodies: Buffer[];
}

/** A receiver that answers as the test says, and keeps the bytes that came. */
export async function scriptedServer(
  script: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ScriptedServer> {
  const asked: string[] = [];
  const bodies: Buffer[] = [];
  const server = await serveLoopback((request, body, response) => {
    asked.push(request.url ?? '');
    bodies.push(body);
    script(request, response);
  });
  return { ...server, asked, bodies };
}
