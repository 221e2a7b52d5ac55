import { isNamedBy, isOfStack, isTargetPattern } from '../../../../functions/destinations/aws/arn.js';
import { TARGET_PATTERN } from '../../../../lib/targets.js';

const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:orders';

describe('a pattern', () => {
  test.each([
    QUEUE,
    'arn:aws:sqs:eu-central-1:123456789012:orders*',
    'arn:aws:sqs:*:123456789012:*',
    'arn:aws:sqs:eu-*:*:ord*rs',
  ])('%s names the queue', (pattern) => {
    expect(isTargetPattern(pattern)).toBe(true);
    expect(isNamedBy([pattern], QUEUE)).toBe(true);
  });

  test.each([
    'arn:aws:sqs:eu-central-1:123456789012:order',
    'arn:aws:sqs:eu-west-1:123456789012:*',
    'arn:aws:sqs:*:210987654321:*',
    'arn:aws-cn:sqs:*:*:*',
    // One part of an ARN does not reach into the next.
    'arn:aws:sqs:eu-central-1*:*:2:*',
  ])('%s names another', (pattern) => {
    expect(isNamedBy([pattern], QUEUE)).toBe(false);
  });

  test.each([
    '*',
    'arn:aws:*:*:*:*',
    'arn:aws:s3:::bucket',
    'arn:aws:sqs:eu-central-1:123456789012:order?',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
    'arn:aws:sqs:eu-central-1:123456789012:${aws:username}',
    'arn:aws:sqs:eu-central-1:123456789012:',
    `${QUEUE},${QUEUE}`,
  ])('%s is none', (pattern) => expect(isTargetPattern(pattern)).toBe(false));

  test.each([
    QUEUE,
    'arn:aws-cn:sns:*:*:orders.fifo',
    'arn:aws:events:us-east-1:123456789012:event-bus/shop/orders',
    'arn:aws:lambda:us-east-1:*:function:bill:$LATEST',
    'arn:aws:states:us-east-1:123456789012:stateMachine:bill*:1',
  ])('of the settings is one of a project, too: %s', (pattern) =>
    expect([TARGET_PATTERN.test(pattern), isTargetPattern(pattern)]).toEqual([true, true]),
  );
});

test.each([
  ['Punctual-dev-FastLaneQueue0A1B-XyZ', 'Punctual-dev', true],
  ['Punctual-before-FastLaneQueue0A1B-XyZ', 'Punctual-dev', true],
  ['hooks-queue', 'hook', false],
  ['orders', 'Punctual-dev', false],
  // CloudFormation cuts the names of long stacks.
  ['the-platform-of-our-comp-FastLaneQueue-XyZ', 'the-platform-of-our-company-in-production', true],
])('%s is of the stack %s: %s', (name, stack, expected) => {
  expect(isOfStack(`arn:aws:sqs:eu-central-1:123456789012:${name}`, stack)).toBe(expected);
});
