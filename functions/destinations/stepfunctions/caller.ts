import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { createAwsCaller } from '../aws/aws-caller.js';
import { traceHeaderOf } from '../aws/trace-header.js';
import type { Caller, CallerSettings } from '../kind.js';
import { type StepFunctionsDestination, stepfunctions } from './stepfunctions.js';

/** Starts an execution. Its name is the key, so a repeat starts no other one. */
export function createStepFunctionsCaller(settings: CallerSettings): Caller<StepFunctionsDestination> {
  return createAwsCaller(settings, {
    kind: stepfunctions,
    clientIn: (config) => new SFNClient(config),
    taken: 'ExecutionAlreadyExists',
    async call(client, { arn }, { headers, body }, options) {
      const start = new StartExecutionCommand({
        stateMachineArn: arn,
        name: headers['idempotency-key']!,
        input: body.toString() || '{}',
        traceHeader: traceHeaderOf(headers),
      });
      const { executionArn, startDate } = await client.send(start, options);
      return { body: JSON.stringify({ executionArn, startDate }) };
    },
  });
}
