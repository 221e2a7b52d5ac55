import * as z from 'zod/mini';
import type { Payload } from '../../formats/format.js';
import {
  type AnyDestination,
  callTimeout,
  DEFAULT_TIMEOUT_MS,
  type Fields,
  type Kind,
  type KindDocument,
  type KindFields,
  type Reach,
} from '../kind.js';
import { isNamedBy, isOfStack } from './arn.js';

/** A resource of AWS. */
export interface AwsDestination<Type extends string = string> extends AnyDestination {
  readonly type: Type;
  readonly arn: string;
}

/** What tells one kind of resource from another. */
interface Resource {
  /** How an ARN of this kind looks, for messages. */
  readonly example: string;
  readonly form: RegExp;
  /** Codes of errors that are about what is sent: a repeat would fail the same way. */
  readonly final: readonly string[];
  readonly carried: (headers: Record<string, string>) => Record<string, string>;
  readonly payloadFault?: (payload: Payload | undefined) => string | undefined;
}

/** Of every service: the request itself is malformed. */
const MALFORMED = ['InvalidParameterValue', 'MissingParameter', 'SerializationException', 'ValidationException'];

/**
 * All other failures are tried again by the retry policy, and disable no endpoint: a service that throttles or fails recovers,
 * and rights or a resource that are missing may be on their way, as in the middle of a deployment.
 */
export function awsKind<Destination extends AwsDestination>(resource: Resource): Kind<Destination> {
  const final: ReadonlySet<string> = new Set([...MALFORMED, ...resource.final]);
  return {
    nameOf: ({ arn }) => arn,
    unreachable: ({ arn }, reach) => {
      const message = unreachable(arn, resource, reach);
      return message === undefined ? undefined : { pointer: '/arn', message };
    },
    carried: resource.carried,
    ...(resource.payloadFault && { payloadFault: resource.payloadFault }),
    isFinal: ({ error }) => error !== null && final.has(error.code),
  };
}

function unreachable(arn: string, { form, example }: Resource, { allowedTargets, ofProject, ownStack }: Reach) {
  if (!form.test(arn)) return `Must be an ARN such as ${example}.`;
  if (ownStack !== undefined && isOfStack(arn, ownStack)) return 'This resource belongs to the service itself.';
  if (!isNamedBy(allowedTargets ?? [], arn))
    return 'This ARN may not be reached: the setting allowedTargets of this installation does not name it.';
  if (ofProject && !isNamedBy(ofProject, arn))
    return 'This ARN may not be reached: allowed_targets of this project does not name it.';
  return undefined;
}

/** An ARN of a service: the form of its resource is a part of a regular expression. */
export function arnForm(service: string, resource: string): RegExp {
  return new RegExp(`^arn:aws(-[a-z]+)*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`);
}

/** The longest ARN that AWS has. */
const MAX_ARN = 2048;

/** The fields of a kind: an ARN, a timeout, and its own with their defaults. Which ARN is good, `unreachable` says. */
export function awsFields(own: Fields = {}, defaults: Readonly<Record<string, unknown>> = {}): KindFields {
  return {
    schemas: () => ({ arn: z.string().check(z.maxLength(MAX_ARN)), ...own, timeout_ms: callTimeout() }),
    defaults: { arn: undefined, ...defaults, timeout_ms: DEFAULT_TIMEOUT_MS },
    audited: {},
  };
}

export function awsDocument(own: Fields = {}, notes: Readonly<Record<string, string>> = {}): KindDocument {
  return {
    shown: () => ({ arn: z.string(), ...own, timeout_ms: z.int() }),
    notes: {
      arn: 'Of a resource of AWS. The setting allowedTargets of the installation names what may be reached.',
      ...notes,
    },
  };
}
