import type { LocalStack } from './local-stack.js';
import type { ReadyProject } from './ready-project.js';

/** The output of `npm start`; its lines can be pasted into bash or zsh. */
export function welcome(
  stack: Pick<LocalStack, 'api' | 'receiver' | 'dynamodb' | 'sqs' | 'scheduler' | 'operatorKey' | 'queueUrl'> & {
    readonly consoleLink: string;
  },
  project: Pick<ReadyProject, 'project_id' | 'api_key' | 'key_id'>,
  data: string,
): string {
  return `
Punctual runs on this machine.

  console        ${stack.consoleLink}
                 (signs you in once, within ten minutes; later at ${stack.api}/console/ with the operator key)
  documentation  ${stack.api}/docs/
  API            ${stack.api}
  receiver       ${stack.receiver}        (what arrived: ${stack.receiver}/received, also in a browser)
  DynamoDB       ${stack.dynamodb}
  SQS            ${stack.sqs}        (queues for trials: arn:aws:sqs:us-east-1:000000000000:trial, …:trial.fifo)
  intake queue   ${stack.queueUrl('IntakeQueue')}
  Scheduler      ${stack.scheduler}
  data           ${data}

  operator key   ${stack.operatorKey}
  project        ${project.project_id}
  API key        ${project.api_key}        (${project.key_id})

Try it, in another shell:

  export API=${stack.api} RECEIVER=${stack.receiver} KEY=${project.api_key}

  curl -sS $API/v1/tasks -H "X-API-Key: $KEY" -H 'Content-Type: application/json' \\
    -d '{"target": {"url": "'$RECEIVER'/ok"}, "payload": {"hello": "world"}, "run_at": 0}'
  until curl -sS $RECEIVER/received | grep hello; do sleep 1; done

Ctrl-C stops it, and lets what is under way end; a second Ctrl-C stops it at once. The data folder brings everything back.
`;
}
