import { hasScreen, openInBrowser } from './browser.js';
import { runMain } from './command.js';
import type { LocalStack, Synthesized } from './local-stack.js';
import { consoleLink, signedIn } from './operator.js';
import { type ReadyProject, readyProject } from './ready-project.js';
import type { StartOptions } from './start-options.js';
import { Stopping } from './stopping.js';
import { welcome } from './welcome.js';

/** What the npm package brings; a checkout makes it at the start. */
export interface Built {
  readonly synthesized: Synthesized;
  /** Folder of the console's files, with the documentation in `docs/`. */
  readonly site: string;
}

/** With fewer, a project would fill a lane before its share of the lane is known. They are started on demand. */
const LANE_PLACES = 50;

/** `punctual dev`. */
export const runStart = (options: StartOptions): void => runMain(() => start(options));

/** Starts the whole service, says where it is, and runs until a signal. */
export async function start(options: StartOptions, built?: Built): Promise<void> {
  const { port, data, json, open, chaos: seed, auditDeliveries } = options;
  process.env['TZ'] = 'UTC'; // as on Lambda; worker threads share it
  const stopping = new Stopping();
  const { startLocalStack } = await import('./local-stack.js');
  const settings = { ...(auditDeliveries && { auditDeliveries }) };
  const given = { port, data, settings, environmentLimit: LANE_PLACES, ...built };
  const stack = await startLocalStack({ ...given, ...(seed !== undefined && { chaos: { seed } }) });
  stopping.inOrder(() => stack.close());
  const project = await readyProject(stack.api, stack.operatorKey, data);
  const operator = await signedIn(stack.api, stack.operatorKey);
  const console_link = await consoleLink(stack.api, operator);
  const ready = { ...readyLine(stack, project), console_link };
  console.log(json ? JSON.stringify(ready) : welcome({ ...stack, consoleLink: console_link }, project, data));
  if (open && !json && hasScreen(process)) openInBrowser(await consoleLink(stack.api, operator));
  for (const pool of stack.functions) pool.warm();
}

function readyLine(stack: LocalStack, project: ReadyProject): object {
  const { api, operatorKey, dynamodb, sqs, scheduler, receiver } = stack;
  const { project_id, api_key, key_id, signing_secret, project_signing_secret } = project;
  const credentials = {
    operator_key: operatorKey,
    project_id,
    api_key,
    key_id,
    signing_secret,
    project_signing_secret,
  };
  return { api, ...credentials, dynamodb, sqs, scheduler, receiver, intake_queue: stack.queueUrl('IntakeQueue') };
}
