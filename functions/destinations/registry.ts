import {
  type EventBridgeDestination,
  eventbridge,
  eventbridgeDocument,
  eventbridgeFields,
} from './eventbridge/eventbridge.js';
import { type HttpDestination, http, httpDocument, httpFields } from './http/http.js';
import type { Kind, KindDocument, KindFields } from './kind.js';
import { type LambdaDestination, lambda, lambdaDocument, lambdaFields } from './lambda/lambda.js';
import { type SnsDestination, sns, snsDocument, snsFields } from './sns/sns.js';
import { type SqsDestination, sqs, sqsDocument, sqsFields } from './sqs/sqs.js';
import {
  type StepFunctionsDestination,
  stepfunctions,
  stepfunctionsDocument,
  stepfunctionsFields,
} from './stepfunctions/stepfunctions.js';

/** The kinds of targets, by their `type`; the callers are in `callers.ts`. */
export const KINDS = { http, sqs, sns, eventbridge, lambda, stepfunctions } as const;
/** Apart, since most functions check no requests. */
export const KIND_FIELDS: Readonly<Record<KindName, KindFields>> = {
  http: httpFields,
  sqs: sqsFields,
  sns: snsFields,
  eventbridge: eventbridgeFields,
  lambda: lambdaFields,
  stepfunctions: stepfunctionsFields,
};
export const KIND_DOCUMENTS: Readonly<Record<KindName, KindDocument>> = {
  http: httpDocument,
  sqs: sqsDocument,
  sns: snsDocument,
  eventbridge: eventbridgeDocument,
  lambda: lambdaDocument,
  stepfunctions: stepfunctionsDocument,
};
/** Where and how to call; what an endpoint and an inline target have in common. */
export type Destination =
  | HttpDestination
  | SqsDestination
  | SnsDestination
  | EventBridgeDestination
  | LambdaDestination
  | StepFunctionsDestination;

export type KindName = keyof typeof KINDS;
/** A destination, or what was called. Without a `type` it is HTTP. */
export interface OfKind {
  readonly type?: Exclude<KindName, 'http'>;
}

export function kindOf({ type = 'http' }: { readonly type?: KindName }): Kind<Destination> {
  return KINDS[type] as Kind<Destination>;
}

export function isHttp(destination: Destination): destination is HttpDestination {
  return destination.type === undefined;
}
