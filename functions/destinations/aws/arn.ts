const PATTERN = /^arn:aws(-[a-z]+)*:(events|lambda|sns|sqs|states):[a-z0-9*-]+:[0-9*]+:[\w:/.$*-]+$/;

/** Whether the text may name ARNs of targets. A project's patterns only narrow those of the stage, whose form lib/targets.ts knows. */
export function isTargetPattern(text: string): boolean {
  return PATTERN.test(text);
}

/** The parts of an ARN before its resource, which may have colons of its own. */
const PARTS = 5;

/** The Region of an ARN. */
export function regionOf(arn: string): string {
  return arn.split(':')[3]!;
}

/** Whether one of the patterns is of this ARN. A `*` stands for any text inside of one part of the ARN, as in IAM. */
export function isNamedBy(patterns: readonly string[], arn: string): boolean {
  const parts = partsOf(arn);
  return patterns.some((pattern) => partsOf(pattern).every((part, index) => fits(part, parts[index] ?? '')));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, PARTS), parts.slice(PARTS).join(':')];
}

function fits(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}

/** CloudFormation shortens long names of stacks in the names that it makes. */
const KEPT_OF_A_STACK = 20;

/** Queues that a stack adopts (`existing.queues`) may have the name of an earlier one. */
const OURS = 'Punctual-';

/** Whether the resource has a name that CloudFormation made for this stack, or for another one of ours. */
export function isOfStack(arn: string, stack: string): boolean {
  const resource = partsOf(arn).at(-1)!;
  const name = resource.replace(/^(event-bus\/|function:|stateMachine:)/, '');
  return (
    name.startsWith(OURS) ||
    name.startsWith(stack.length < KEPT_OF_A_STACK ? `${stack}-` : stack.slice(0, KEPT_OF_A_STACK))
  );
}
