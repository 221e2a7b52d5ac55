import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Answer, createAwsCaller } from '../aws/aws-caller.js';
import type { Caller, CallerSettings } from '../kind.js';
import { type LambdaDestination, lambda } from './lambda.js';

/** Invokes a function with what it would get from its function URL. */
export function createLambdaCaller(settings: CallerSettings): Caller<LambdaDestination> {
  return createAwsCaller(settings, {
    kind: lambda,
    clientIn: (config) => new LambdaClient(config),
    async call(client, { arn, invocation }, { headers, body }, options) {
      const event = {
        version: '2.0',
        rawPath: '/',
        rawQueryString: '',
        headers,
        requestContext: { http: { method: 'POST', path: '/' } },
        body: body.toString(),
        isBase64Encoded: false,
      };
      const invoke = new InvokeCommand({
        FunctionName: arn,
        InvocationType: invocation,
        Payload: Buffer.from(JSON.stringify(event)),
      });
      const { FunctionError, Payload } = await client.send(invoke, options);
      const answer = Payload ? Buffer.from(Payload).toString() : '';
      return { body: answer, error: errorOf(FunctionError, answer) };
    },
  });
}

/** A function may fail, or answer as a function URL does: then its status counts. */
function errorOf(functionError: string | undefined, answer: string): Answer['error'] {
  if (functionError !== undefined)
    return { code: 'function_error', message: `The function failed (${functionError}).` };
  const status = statusIn(answer);
  if (status === undefined || (status >= 200 && status < 300)) return undefined;
  return { code: `status_${status}`, message: `The function answered with the status ${status}.` };
}

function statusIn(answer: string): number | undefined {
  try {
    const status: unknown = JSON.parse(answer)?.statusCode;
    return typeof status === 'number' ? status : undefined;
  } catch {
    return undefined;
  }
}
