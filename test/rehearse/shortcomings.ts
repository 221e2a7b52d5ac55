import type { Json } from './assembly.js';

/** What the emulator creates not at all, so that the stack is deployed without it. */
export const LEFT_OUT: readonly { readonly what: string; readonly isIt: (resource: Json) => boolean }[] = [
  {
    what: 'alarms on metric math',
    isIt: ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties.Metrics !== undefined,
  },
];

/**
 * Where the emulator (the version that is pinned) falls short, by the name of the step or story, and why. Each is tried
 * nevertheless: what passes after all is to be taken off here.
 */
export const SHORTCOMINGS: Readonly<Record<string, string>> = {
  'deploy: the whole template': `CloudFormation refuses ${LEFT_OUT.map(({ what }) => what).join(', ')}: deployed without`,
  'deploy: what is over expires by itself': 'CloudFormation drops TimeToLiveSpecification of global tables: set by API',
  'deploy: the operator key is 43 letters and digits': 'CloudFormation generates secrets with punctuation',
};
