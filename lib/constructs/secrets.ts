import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import type { PunctualFunction } from './punctual-function.js';

/** The stage's two secrets, generated at the first deploy unless they are there already. */
export class Secrets extends Construct {
  /** Encrypts values that must be read back: signing secrets of projects, keys and endpoints. */
  private readonly master: ISecret;
  readonly operator: ISecret;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: Pick<StageSettings, 'secretsSeconds' | 'existing'>,
  ) {
    super(scope, id);
    const { master, operator } = settings.existing?.secrets ?? {};
    this.master = master
      ? Secret.fromSecretCompleteArn(this, 'Master', master)
      : generated(this, 'Master', 'Punctual: encrypts the signing secrets kept in the config table');
    this.operator = operator
      ? Secret.fromSecretCompleteArn(this, 'Operator', operator)
      : generated(this, 'Operator', 'Punctual: the operator key, to be exchanged for a session');
  }

  grantMaster(...functions: PunctualFunction[]): void {
    for (const fn of functions) {
      grantRead(this.master, fn, 'MASTER_SECRET_ARN');
      fn.addEnvironment('SECRETS_SECONDS', String(this.settings.secretsSeconds));
    }
  }

  /** May list the versions of the master secret and label those that are still needed; not replace the secret. */
  grantKeepMaster(fn: PunctualFunction): void {
    const actions = ['secretsmanager:ListSecretVersionIds', 'secretsmanager:UpdateSecretVersionStage'];
    Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [this.master.secretArn] });
  }

  grantOperator(...functions: PunctualFunction[]): void {
    for (const fn of functions) grantRead(this.operator, fn, 'OPERATOR_SECRET_ARN');
  }

  /** The secret of the client at the provider of sign-ins, which is not of this stack. */
  grantClient(arn: string | undefined, fn: PunctualFunction): void {
    if (arn) Secret.fromSecretCompleteArn(this, 'Client', arn).grantRead(fn);
  }
}

/**
 * Never edit `generateSecretString`: CloudFormation would make a new value, and all values encrypted under the old
 * secret would be lost. Kept in every stage for the same reason, except after a first deploy that failed. 43 letters and
 * digits are 256 bits.
 */
function generated(scope: Construct, id: string, description: string): ISecret {
  const secret = new Secret(scope, id, {
    description,
    generateSecretString: { passwordLength: 43, excludePunctuation: true },
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'Only people replace it: a new value is for a leak, and needs no deploy (docs/runbook.md).',
  });
  return secret as ISecret;
}

function grantRead(secret: ISecret, fn: PunctualFunction, arnName: string): void {
  secret.grantRead(fn);
  fn.addEnvironment(arnName, secret.secretArn);
}
