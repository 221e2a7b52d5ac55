import { parseArgs } from 'node:util';
import type { LocalStack } from './local-stack.js';
import { type ReadyProject, readyProject } from './ready-project.js';

const USAGE = 'usage: npm start -- [--port 8787] [--data .punctual] [--json] [--chaos SEED] [--audit-deliveries]';

interface Arguments {
  readonly port: number;
  readonly data: string;
  readonly json: boolean;
  /** Makes the AWS servers as unkind as AWS may be. */
  readonly chaos?: { readonly seed: number };
  /** As `-c auditDeliveries=true` of a deployment. */
  readonly 'audit-deliveries': boolean;
}

/** Throws with a message for people on anything it does not know. */
function readArguments(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8787' },
      data: { type: 'string', default: '.punctual' },
      json: { type: 'boolean', default: false },
      chaos: { type: 'string' },
      'audit-deliveries': { type: 'boolean', default: false },
    },
  });
  const { chaos: seed, ...others } = values;
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error(`--port ${values.port}: must be 0 to 65535`);
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    throw new Error(`--chaos ${seed}: must be a whole number, the seed`);
  return { ...others, port, ...(seed !== undefined && { chaos: { seed: Number(seed) } }) };
}

async function main(): Promise<void> {
  process.env['TZ'] = 'UTC'; // as on Lambda; worker threads share it
  const options = parsed(process.argv.slice(2));
  let stop = (): void => process.exit(0);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop());

  const { startLocalStack } = await import('./local-stack.js');
  const { port, data, chaos } = options;
  const settings = options['audit-deliveries'] ? { auditDeliveries: true } : {};
  const stack = await startLocalStack({ port, data, settings, ...(chaos && { chaos }) });
  stop = once(() => void stack.close().then(() => process.exit(0)));
  const project = await readyProject(stack.api, stack.operatorKey, options.data);
  console.log(options.json ? JSON.stringify(readyLine(stack, project)) : welcome(stack, project, options.data));
  for (const pool of stack.functions) pool.warm();
}

function parsed(args: string[]): Arguments {
  try {
    return readArguments(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

/** A second signal must not start a second shutdown. */
function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
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
  return { api, ...credentials, dynamodb, sqs, scheduler, receiver };
}

function welcome(stack: LocalStack, project: ReadyProject, data: string): string {
  return `
Punctual runs on this machine.

  console        ${stack.api}/console/        (sign in with the operator key)
  API            ${stack.api}
  receiver       ${stack.receiver}        (what arrived: ${stack.receiver}/received)
  DynamoDB       ${stack.dynamodb}
  SQS            ${stack.sqs}
  Scheduler      ${stack.scheduler}
  data           ${data}

  operator key   ${stack.operatorKey}
  project        ${project.project_id}
  API key        ${project.api_key}        (${project.key_id})

Try it, in another shell:

  export API=${stack.api} RECEIVER=${stack.receiver} KEY=${project.api_key}

  curl -sS $API/v1/tasks -H "X-API-Key: $KEY" -H 'Content-Type: application/json' \\
    -d '{"target": {"url": "'$RECEIVER'/ok"}, "payload": {"hello": "world"}, "run_at": 0}'
  curl -sS $RECEIVER/received

Ctrl-C stops it; the data folder brings everything back.
`;
}

/** What people can mend themselves gets a sentence; the rest is ours, with its stack. */
function explain(error: NodeJS.ErrnoException & { port?: number }): unknown {
  if (error.code === 'EADDRINUSE') return `port ${error.port} is taken: choose another with --port`;
  if (error.code === 'EACCES' && error.port) return `port ${error.port} may not be used: choose another with --port`;
  return error.name === 'DataFolderInUse' ? error.message : error;
}

main().catch((error) => {
  console.error(explain(error));
  process.exit(1);
});
