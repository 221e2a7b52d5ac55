import { absent, aws, isFault } from './aws-cli.js';
import {
  concurrencyFinding,
  type Deploying,
  expiryFinding,
  type Finding,
  findingText,
  messageOf,
  reading,
} from './findings.js';
import { targets } from './targets.js';

/** The oldest bootstrap that the CDK of this version deploys with. */
const BOOTSTRAP_VERSION = 6;

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Whose account, and which Region, a deployment would go to. */
async function findPlace(): Promise<Finding & { readonly place?: Place }> {
  const what = 'credentials and Region';
  try {
    const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? (await configuredRegion());
    if (region === undefined)
      return { what, verdict: 'blocked', found: 'no Region is chosen', todo: 'export AWS_REGION=us-east-1' };
    const identity = ['sts', 'get-caller-identity', '--region', region];
    const { Account: account, Arn } = await aws<{ Account: string; Arn: string }>(...identity);
    return { what, verdict: 'ready', found: `account ${account} in ${region}, as ${Arn}`, place: { account, region } };
  } catch (error) {
    const todo = isFault(error, 'NoCli')
      ? 'Install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html'
      : 'Sign in (`aws sso login`, `aws configure`), until `aws sts get-caller-identity` shows whose credentials they are.';
    return { what, verdict: 'blocked', found: messageOf(error), todo };
  }
}

async function configuredRegion(): Promise<string | undefined> {
  return aws<string>('configure', 'get', 'region').catch((error) => {
    if (isFault(error, 'NoCli')) throw error;
    return undefined; // the CLI exits with 1 where no Region is configured
  });
}

type Check = (deploying: Deploying, place: Place) => Promise<Finding>;

/** What a deployment of a stage needs, each by one read-only command. */
export const CHECKS: readonly Check[] = [
  bootstrap,
  boundary,
  concurrency,
  expiry,
  nameIndex,
  remains,
  targets,
  distribution,
  alarms,
];

async function bootstrap({ bootstrap: name }: Deploying): Promise<Finding> {
  const [, , qualifier] = name.split('/');
  const what = `bootstrap ${qualifier}`;
  const todo =
    qualifier === 'hnb659fds'
      ? 'npx cdk bootstrap'
      : 'Bootstrap, by the commands of docs/deploying.md#bootstrap, or set bootstrapQualifier.';
  return reading(what, async () => {
    const answer = await aws<{ Parameter: { Value: string } }>('ssm', 'get-parameter', '--name', name).catch(
      absent('ParameterNotFound'),
    );
    if (answer === undefined) return { what, verdict: 'blocked', found: 'this Region does not have it', todo };
    const version = Number(answer.Parameter.Value);
    if (version < BOOTSTRAP_VERSION) return { what, verdict: 'blocked', found: `version ${version} is too old`, todo };
    return { what, verdict: 'ready', found: `version ${version}` };
  });
}

async function boundary({ settings: { permissionsBoundary: name } }: Deploying, { account }: Place): Promise<Finding> {
  if (name === false) return { what: 'boundary of roles', verdict: 'ready', found: 'none is wanted' };
  const what = `boundary ${name}`;
  const arn = `arn:aws:iam::${account}:policy/${name}`;
  return reading(what, async () => {
    const answer = await aws('iam', 'get-policy', '--policy-arn', arn).catch(absent('NoSuchEntity'));
    if (answer !== undefined) return { what, verdict: 'ready', found: arn };
    const todo = `aws iam create-policy --policy-name ${name} --policy-document file://docs/boundary-policy.json`;
    return { what, verdict: 'blocked', found: 'this account does not have the policy', todo };
  });
}

interface AccountSettings {
  readonly AccountLimit: { readonly ConcurrentExecutions: number };
}

async function concurrency(deploying: Deploying): Promise<Finding> {
  return reading("Lambda's concurrency", async () => {
    const { AccountLimit } = await aws<AccountSettings>('lambda', 'get-account-settings');
    return concurrencyFinding(deploying, AccountLimit.ConcurrentExecutions);
  });
}

/** The stack does not change a table that it takes by `existing`: without a time to live its rows never end. */
async function expiry({ settings: { existing } }: Deploying): Promise<Finding> {
  const { runs, audit } = existing?.tables ?? {};
  return reading('TTL of existing tables', async () => {
    const names = [runs, audit].filter((name) => name !== undefined);
    return expiryFinding(await Promise.all(names.map(async (name) => ({ name, ttl: await ttlOf(name) }))));
  });
}

async function ttlOf(name: string): Promise<string> {
  const answer = await aws<{ TimeToLiveDescription: { TimeToLiveStatus: string; AttributeName?: string } }>(
    'dynamodb',
    'describe-time-to-live',
    '--table-name',
    name,
  );
  const { TimeToLiveStatus: status, AttributeName = '' } = answer.TimeToLiveDescription;
  return `${status} ${AttributeName}`.trim();
}

/** The stack adds no index to a table that it takes by `existing`: without this index a search answers 500. */
async function nameIndex({ settings: { existing } }: Deploying): Promise<Finding> {
  const what = 'index of names';
  const name = existing?.tables?.config;
  if (name === undefined) return { what, verdict: 'ready', found: 'the stack has it' };
  return reading(what, async () => {
    const { Table } = await aws<{ Table: { GlobalSecondaryIndexes?: { IndexName: string }[] } }>(
      'dynamodb',
      'describe-table',
      '--table-name',
      name,
    );
    if (Table.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === 'name-index'))
      return { what, verdict: 'ready', found: `${name} has it` };
    const todo = 'Add it, by the command of docs/runbook.md#remove-the-stack-and-adopt-its-tables-again.';
    return { what, verdict: 'look', found: `${name} does not have it: GET /v1/search answers 500`, todo };
  });
}

/** A stack that failed, or resources with a fixed name that a removed stack left, stop the next deploy. */
async function remains({ settings: { stage }, stack }: Deploying): Promise<Finding> {
  const what = `stack ${stack}`;
  return reading(what, async () => {
    const answer = await aws<{ Stacks: { StackStatus: string }[] }>(
      'cloudformation',
      'describe-stacks',
      '--stack-name',
      stack,
    ).catch(absent('ValidationError'));
    const status = answer?.Stacks[0]?.StackStatus;
    if (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED')
      return { what, verdict: 'blocked', found: `it is ${status}`, todo: `npx cdk destroy ${stack}` };
    if (status !== undefined) return { what, verdict: 'ready', found: `it is ${status}: a deploy upgrades it` };
    const group = `Punctual-${stage}-wake-ups`;
    const left = await aws('scheduler', 'get-schedule-group', '--name', group).catch(
      absent('ResourceNotFoundException'),
    );
    if (left === undefined) return { what, verdict: 'ready', found: 'a deploy makes it' };
    const todo = `aws scheduler delete-schedule-group --name ${group}`;
    return { what, verdict: 'blocked', found: `a stack that is gone left the schedule group ${group}`, todo };
  });
}

async function distribution({ settings: { console: isWanted }, settingsIn }: Deploying): Promise<Finding> {
  const what = 'CloudFront';
  if (!isWanted) return { what, verdict: 'ready', found: 'the stage has no console' };
  return reading(what, async () => {
    const { DistributionList } = await aws<{ DistributionList?: { Items?: unknown[] } }>(
      'cloudfront',
      'list-distributions',
    );
    const count = DistributionList?.Items?.length ?? 0;
    if (count > 0) return { what, verdict: 'ready', found: `the account has ${count} distributions` };
    const todo = `If the deploy fails at the distribution, set console: false in ${settingsIn}, and ask AWS Support to verify the account.`;
    return { what, verdict: 'look', found: 'the account has no distribution yet: AWS may have to verify it', todo };
  });
}

async function alarms({ settings: { alarmEmail }, settingsIn }: Deploying): Promise<Finding> {
  const what = 'alarms';
  if (alarmEmail !== undefined)
    return { what, verdict: 'ready', found: `they go to ${alarmEmail}, which must confirm the mail of SNS` };
  return { what, verdict: 'look', found: 'no address gets them', todo: `Set alarmEmail in ${settingsIn}.` };
}

/** What each check found, as soon as it is known: first of the place, then of each stack. */
export async function* preflight(
  deployings: readonly Deploying[],
): AsyncGenerator<Finding & { readonly stack?: string }, void> {
  const { place, ...found } = await findPlace();
  yield found;
  for (const deploying of place ? deployings : [])
    for (const check of CHECKS) yield { stack: deploying.stack, ...(await check(deploying, place!)) };
}

/** Prints the findings, each stack's below its name. Answers whether a deployment would fail. */
export async function tellPreflight(deployings: readonly Deploying[]): Promise<boolean> {
  let [isBlocked, last] = [false, undefined as string | undefined];
  for await (const { stack, ...finding } of preflight(deployings)) {
    if (stack !== last) console.log(`\n${stack}`);
    console.log(findingText(finding));
    isBlocked ||= finding.verdict === 'blocked';
    last = stack;
  }
  return isBlocked;
}
