import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { awsConsole } from '../support/aws-console.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const starting = suiteWorld();

/** The copies in `dead-letters`, as "Poll for messages" shows them. */
async function copies(): Promise<Message[]> {
  const { stack } = await starting;
  const { Messages = [] } = await awsConsole(stack).sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: stack.queueUrl('DeadLetters'),
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      VisibilityTimeout: 0,
    }),
  );
  return Messages;
}

test('an operator reads the copy of a dead letter, moves it to the replay queue, and the run goes on', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/flaky/1');
  const id = await world.task(endpoint.id, { payload: { secret: 'of the customer' } });
  const letter = await world.deadLetter((await world.reached(id, 'dead_letter')).id);

  const [copy, ...others] = await eventually('the copy is there', async () => {
    const found = await copies();
    return found.length > 0 && found;
  });
  expect(others).toEqual([]);
  const attributes = Object.entries(copy!.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
    name,
    StringValue,
  ]);
  expect(Object.fromEntries(attributes)).toEqual({
    project: world.project.id,
    endpoint: endpoint.id,
    task: id,
    reason: 'attempts_exhausted',
    last_status: '503',
  });
  expect(copy!.Body).not.toContain('of the customer');

  // Sent by code, it has no source to go back to.
  expect(await awsConsole(world.stack).redrive('DeadLetters')).toMatchObject({
    Status: 'FAILED',
    FailureReason: 'CouldNotDetermineMessageSource',
  });
  expect((await world.run(id)).status).toBe('dead_letter');

  expect(await awsConsole(world.stack).redrive('DeadLetters', 'Replay')).toMatchObject({
    Status: 'COMPLETED',
    ApproximateNumberOfMessagesMoved: 1,
  });
  const run = await eventually('the run succeeds', async () => {
    const seen = await world.run(id);
    return seen.status === 'success' && seen;
  });
  expect(run.attempts).toHaveLength(2);
  expect(await world.received(id)).toHaveLength(2);
  expect((await world.deadLetter(id)).status).toBe('replayed');
  expect(await copies()).toEqual([]);
  expect(letter.task_id).toBe(id);
});

test('a copy whose dead letter was resolved meanwhile replays nothing', async () => {
  const world = await starting;
  const id = await world.task((await world.endpoint('/fail/500')).id);
  await world.reached(id, 'dead_letter');
  const letter = await world.deadLetter(id);
  expectStatus(await world.api.post(`/v1/dead-letters/${letter.id}/resolve`, { note: 'settled by phone' }), 200);
  expect(await awsConsole(world.stack).redrive('DeadLetters', 'Replay')).toMatchObject({
    Status: 'COMPLETED',
    ApproximateNumberOfMessagesMoved: 1,
  });
  const { depth } = awsConsole(world.stack);
  await eventually('the replay queue is empty', async () => {
    const { visible, inFlight } = await depth('Replay');
    return visible + inFlight === 0;
  });
  expect(await world.run(id)).toMatchObject({ status: 'dead_letter', attempt_count: 1 });
  expect(await world.deadLetter(id)).toMatchObject({ status: 'resolved', note: 'settled by phone' });
  expect(await world.received(id)).toHaveLength(1);
});
