import type { Json } from './assembly.js';

/** What the emulator creates not at all, so that the stack is deployed without it. */
export const LEFT_OUT: readonly { readonly what: string; readonly isIt: (resource: Json) => boolean }[] = [
  {
    what: 'alarms on metric math',
    isIt: ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties.Metrics !== undefined,
  },
];

export interface Shortcoming {
  readonly why: string;
  /** How it shows; whatever else goes wrong there is a failure. */
  readonly shows: RegExp;
}

/**
 * Where the emulator (the version that is pinned) falls short, by the name of the step or story. Each is tried nevertheless:
 * what passes after all is to be taken off here.
 */
export const SHORTCOMINGS: Readonly<Record<string, Shortcoming>> = {
  'deploy: the whole template': {
    why: `CloudFormation refuses ${LEFT_OUT.map(({ what }) => what).join(', ')}: deployed without`,
    shows: /metric math\) is not supported/,
  },
  'deploy: what is over expires by itself': {
    why: 'CloudFormation drops TimeToLiveSpecification of global tables: set by API',
    shows: /DISABLED/,
  },
  'deploy: the operator key is 43 letters and digits': {
    why: 'CloudFormation generates secrets with punctuation',
    shows: /must match|did not match/,
  },
  'permissions: a task, under the policies as they are written': {
    why: 'IAM takes the Ref of a secret for its ARN, batches of SQS for other actions, any schedule group for the default one',
    shows: /not authorized to perform: (secretsmanager:GetSecretValue|sqs:\w+Batch|scheduler:)/,
  },
};
