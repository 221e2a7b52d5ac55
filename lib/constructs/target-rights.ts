import type { Stack } from 'aws-cdk-lib';
import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';

/** What the deliverers may do at the targets of each kind, by its `type`. HTTP needs no right. */
export const TARGET_RIGHTS: Readonly<Record<string, (stack: Stack) => PolicyStatementProps>> = {};
