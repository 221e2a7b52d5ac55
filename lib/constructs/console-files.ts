import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { StageSettings } from '../config.js';
import { CACHE_HASHED, CACHE_NAMED, HASHED_FILES } from '../console-headers.js';

export interface ConsoleFilesProps {
  readonly settings: StageSettings;
  readonly bucket: IBucket;
  /** Folder of the built console, with the documentation in `docs/`. */
  readonly files: string;
}

const PREFIX = 'console';
/** The documentation lies below the console. */
const HASHED = [`${HASHED_FILES}*`, `docs/${HASHED_FILES}*`];

const SHARED =
  "Punctual's console and another BucketDeployment share the stack and so CDK's function, with one role: give the other a memoryLimit, or put it into another stack";

/**
 * Copies the console's files into the bucket, below `console/`: first the hashed files, then the files that name them.
 * Earlier hashed files stay, for pages that are still open. The CDK's own function copies, with our role and log group.
 */
export class ConsoleFiles extends Construct {
  constructor(scope: Construct, id: string, { settings, bucket, files }: ConsoleFilesProps) {
    super(scope, id);
    const asset = new Asset(this, 'Built', { path: files });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: settings.removal,
    });
    const into = {
      sources: [Source.bucket(asset.bucket, asset.s3ObjectKey)],
      destinationBucket: bucket,
      destinationKeyPrefix: PREFIX,
      role: this.role(asset, bucket, logGroup).withoutPolicyUpdates(),
      logGroup,
      prune: false,
      outputObjectKeys: false,
    };
    const hashed = new BucketDeployment(this, 'Hashed', {
      ...into,
      exclude: ['*'],
      include: HASHED,
      cacheControl: [CacheControl.fromString(CACHE_HASHED)],
      // The bucket is deleted with the stack and must be empty then: see the role.
      retainOnDelete: false,
    });
    const named = new BucketDeployment(this, 'Named', {
      ...into,
      exclude: HASHED,
      cacheControl: [CacheControl.fromString(CACHE_NAMED)],
    });
    named.node.addDependency(hashed);
    this.acknowledge();
    this.node.addValidation({ validate: () => this.sharedFunction(into.role) });
  }

  /**
   * Only the actions that the CDK's function needs; by default it may do anything in both buckets. It may not read the
   * bucket's tags: by the tags it would see the bucket in use at the end of the stack, and would not empty it.
   */
  private role(asset: Asset, bucket: IBucket, logGroup: LogGroup): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const allow = (actions: string[], ...resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    logGroup.grantWrite(role);
    allow(['s3:GetObject'], asset.bucket.arnForObjects(asset.s3ObjectKey));
    allow(['s3:ListBucket'], bucket.bucketArn);
    allow(['s3:PutObject', 's3:DeleteObject'], bucket.arnForObjects(`${PREFIX}/*`));
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${this.logicalIdOf(bucket)}.Arn>/${PREFIX}/*]`,
      reason: 'It writes and removes the files of the console, under names that follow from their content.',
    });
    return role;
  }

  /**
   * The CDK has one such function in a stack, under the role of the stack's first deployment: with another's role, ours could
   * do too much, and with our role another's could not write to its bucket.
   */
  private sharedFunction(role: IRole): string[] {
    const deployments = Stack.of(this)
      .node.findAll()
      .filter((construct) => construct instanceof BucketDeployment);
    const own = this.node.findAll();
    return deployments
      .filter((one) => own.includes(one) !== (one.handlerRole === role))
      .map(({ node }) => `${node.path}: ${SHARED}`);
  }

  private logicalIdOf(bucket: IBucket): string {
    return Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnElement);
  }

  private acknowledge(): void {
    const stack = Stack.of(this);
    const provider = stack.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'))!;
    Validations.of(provider).acknowledge({
      id: 'AwsSolutions-L1',
      reason: "The function is the CDK's own, and its runtime comes with the CDK.",
    });
  }
}
