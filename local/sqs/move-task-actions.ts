import type { Action, ActionContext } from './actions.js';
import { SqsError } from './errors.js';
import { describeTask, encodeTaskHandle } from './move-tasks.js';
import { type Input, optionalInteger, optionalText, text } from './parameters.js';
import type { Queue } from './queue.js';

const startMessageMoveTask: Action = (context, input) => {
  const source = queueByArn(context, text(input, 'SourceArn'), 'SourceArn');
  const destinationArn = optionalText(input, 'DestinationArn');
  const perSecond = optionalInteger(input, 'MaxNumberOfMessagesPerSecond', 1, 500);
  const task = context.moveTasks.start({
    source,
    ...(destinationArn !== undefined && { destination: queueByArn(context, destinationArn, 'DestinationArn') }),
    ...(perSecond !== undefined && { perSecond }),
  });
  return { TaskHandle: encodeTaskHandle(task) };
};

const listMessageMoveTasks: Action = (context, input: Input) => {
  const source = queueByArn(context, text(input, 'SourceArn'), 'SourceArn');
  const count = optionalInteger(input, 'MaxResults', 1, 10) ?? 1;
  return { Results: context.moveTasks.ofSource(source).slice(0, count).map(describeTask) };
};

function queueByArn({ broker }: ActionContext, arn: string, parameter: string): Queue {
  const queue = [...broker.queues()].find((candidate) => candidate.arn === arn);
  if (!queue)
    throw new SqsError(
      'ResourceNotFoundException',
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    );
  return queue;
}

export const moveTaskActions: Readonly<Record<string, Action>> = {
  ListMessageMoveTasks: listMessageMoveTasks,
  StartMessageMoveTask: startMessageMoveTask,
};
