import type { Json } from './assembly.js';

export interface Shortcoming {
  readonly why: string;
  /** How it shows; whatever else goes wrong there is a failure. */
  readonly shows: RegExp;
}

/** What the emulator may not create at all: the stack is deployed without it, once it was seen to fail. */
export interface Lacking extends Shortcoming {
  readonly name: string;
  readonly isIt: (resource: Json) => boolean;
}

export const LACKING: readonly Lacking[] = [
  {
    name: 'deploy: alarms on metric math',
    why: 'CloudFormation refuses them',
    shows: /metric math\) is not supported/,
    isIt: ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties.Metrics !== undefined,
  },
  {
    name: 'deploy: files laid into a bucket',
    why: "the CDK's function for it needs the AWS CLI, as a layer at /opt",
    shows: /Custom resource \S+ timed out/,
    isIt: ({ Type }) => Type === 'Custom::CDKBucketDeployment',
  },
];

/**
 * Where the emulator (the version that is pinned) falls short, by the name of the step or story. Each is tried nevertheless:
 * what passes after all is to be taken off here.
 */
export const SHORTCOMINGS: Readonly<Record<string, Shortcoming>> = {
  ...Object.fromEntries(LACKING.map((lacking) => [lacking.name, lacking])),
  'deploy: what is over expires by itself': {
    why: 'CloudFormation drops TimeToLiveSpecification of global tables: set by API',
    shows: /DISABLED/,
  },
  'deploy: the operator key is 43 letters and digits': {
    why: 'CloudFormation generates secrets with punctuation',
    shows: /did not match the regular expression/,
  },
  'permissions: a task, under the policies as they are written': {
    why: 'IAM takes the Ref of a secret for its ARN, batches of SQS for other actions, any schedule group for the default one',
    shows: /not authorized to perform: (secretsmanager:GetSecretValue|sqs:\w+Batch|scheduler:)/,
  },
  'upgrade: a stage of the release before is upgraded while a user works, and goes back; its tables get a new index': {
    why: 'CloudFormation makes a new table in place of an index: the release before gets the tables of this one',
    shows: /This API key does not exist/,
  },
  'runbook: the copies of secrets become secrets': {
    why: 'Secrets Manager has no StopReplicationToReplica: secrets of the same values are made',
    shows: /StopReplicationToReplica/,
  },
  'accept: an alarm rings': {
    why: 'CloudWatch keeps no history of what alarms did',
    shows: /the topic of \S+ is told that it is ALARM/,
  },
  'accept: lateness: at once, and by a short SQS delay': {
    why: 'it starts functions one after another',
    shows: /ms are too many|Sandbox\.Timedout/,
  },
  'accept: DLQ redrive: what is moved to the replay queue is replayed': {
    why: 'SQS has no StartMessageMoveTask, and version 1 of the AWS CLI asks no emulator for SQS',
    shows: /StartMessageMoveTask|queue\.amazonaws\.com/,
  },
  'runbook: what an operator moves to the replay queue is replayed': {
    why: 'SQS has no StartMessageMoveTask: moved message by message',
    shows: /StartMessageMoveTask/,
  },
};
