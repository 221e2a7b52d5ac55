import type { StageSettings } from '../../lib/config.js';
import type { Storm } from '../../local/chaos/storms.js';
import { type LocalStack, type Synthesized, startLocalStack } from '../../local/local-stack.js';
import type { Received } from '../../local/receiver.js';
import { builtOnce } from './built-once.js';
import { assertDocumented } from './documented.js';
import { inspectReplies } from './http-client.js';
import { newProject, type ProjectAccess, receivedBy, Tenant } from './tenant.js';

export interface WorldOptions {
  readonly settings?: Partial<StageSettings>;
  /** Most execution environments of a function. */
  readonly environmentLimit?: number;
  /** Failures of the platform that last; a test may add more while the stack runs. */
  readonly storms?: readonly Storm[];
  /** Changes what is run, such as a function's code. */
  readonly adapt?: (synthesized: Synthesized) => Synthesized;
}

// Whatever a story is about: what the API answers is what it documents.
inspectReplies((method, path, { status, text, headers }) =>
  assertDocumented(method, path, { status, text, header: (name) => headers.get(name) }),
);

/** A real local stack with a project and a key: what a story needs to be told from outside. */
export class World extends Tenant {
  private constructor(
    readonly stack: LocalStack,
    access: ProjectAccess,
    /** What the functions printed. */
    readonly log: readonly string[],
  ) {
    super(access);
  }

  static async start({
    settings = {},
    storms,
    environmentLimit,
    adapt = (same) => same,
  }: WorldOptions = {}): Promise<World> {
    const log: string[] = [];
    const synthesized = adapt(builtOnce(settings));
    const stack = await startLocalStack({
      synthesized,
      settings,
      ...(storms && { storms }),
      ...(environmentLimit !== undefined && { environmentLimit }),
      log: (source, line) => log.push(`${source}: ${line}`),
      // Named by `npm run conformance`, which tells the same stories on another DynamoDB.
      ...(process.env['CONFORMANCE_DYNAMODB'] && { dynamodb: process.env['CONFORMANCE_DYNAMODB'] }),
    });
    try {
      return new World(stack, await newProject(stack.api, stack.operatorKey), log);
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** The functions' lines about unforeseen errors. */
  errors(): string[] {
    return this.log.filter((line) => /"level":"ERROR"|invocation failed|batch failed/.test(line));
  }

  /** Another tenant of the same stack. */
  newProject(): Promise<ProjectAccess> {
    return newProject(this.stack.api, this.stack.operatorKey);
  }

  /** An endpoint at `url`, or at that path of the receiver. Without a policy it gets one attempt. */
  override endpoint(url: string, extra: object = {}) {
    return super.endpoint(url.startsWith('/') ? this.stack.receiver + url : url, extra);
  }

  /** What the receiver got under a run's webhook-id, oldest first. */
  received(run: string): Promise<Received[]> {
    return receivedBy(this.stack.receiver, run);
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}
