import { TARGET_SERVICES } from '../../lib/targets.js';
import { absent, aws } from './aws-cli.js';
import { type Deploying, type Finding, reading } from './findings.js';

/** Whether the targets that the stage names are there. An ARN with `*` stands for any number of them. */
export async function targets({ settings: { allowedTargets = [] }, settingsIn }: Deploying): Promise<Finding> {
  const what = 'targets';
  const named = allowedTargets.filter((arn) => !arn.includes('*'));
  if (named.length === 0) return { what, verdict: 'ready', found: 'the stage names none' };
  return reading(what, async () => {
    const there = await Promise.all(named.map(isThere));
    const missing = named.filter((_, index) => !there[index]);
    if (missing.length === 0) return { what, verdict: 'ready', found: `all ${named.length} are there` };
    const todo =
      `Make them, or correct allowedTargets in ${settingsIn}. ` +
      'A call of one that is missing fails and becomes a dead ' +
      'letter; but EventBridge takes events for a bus that is not there, and they are gone.';
    return { what, verdict: 'look', found: `not there: ${missing.join(', ')}`, todo };
  });
}

async function isThere(arn: string): Promise<boolean> {
  const [, , service = '', region = '', account = '', ...name] = arn.split(':');
  const { lookUp, missing } = TARGET_SERVICES[service]!;
  const words = lookUp({ arn, account, name: name.join(':') });
  return (await aws(...words, '--region', region).catch(absent(missing))) !== undefined;
}
