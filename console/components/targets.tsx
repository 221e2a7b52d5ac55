import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Schemas } from '../api/client.js';
import type { Problem } from '../api/problem.js';
import { latencyText } from './durations.js';
import { Field } from './field.js';
import type { Texts } from './form-values.js';
import { headersOf, headersText, numberOrNull, textOrNull } from './form-values.js';
import { SelectField, wordOptions } from './select-field.js';

type Target = Schemas['Target'];

interface FieldsProps<One> {
  readonly target: One | undefined;
  readonly problem: Problem | undefined;
}
interface AddressProps<One> extends FieldsProps<One> {
  /** Where the API looks for the target: at the top of the body, or in a member of it. */
  readonly at: '' | '/target';
  readonly placeholder: string;
  readonly class?: string;
}

type HttpTarget = Target & Required<Pick<Target, 'url' | 'method' | 'headers'>>;
const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;

const Timeout = ({ target, hint, problem }: FieldsProps<Target> & { readonly hint: string }) => (
  <Field
    name="timeout_ms"
    label="Timeout, in milliseconds"
    type="number"
    min={100}
    max={300_000}
    placeholder="10000"
    defaultValue={target?.timeout_ms}
    hint={hint}
    problem={problem}
  />
);
const SLOW = 'Over 30 s, calls go in a lane of their own.';

const http = {
  title: 'HTTP',
  names: ['url', 'method', 'headers', 'timeout_ms'],
  /** What must be given; an inline target has no other fields in a form. */
  Address: ({ target, at, ...field }: AddressProps<HttpTarget>) => (
    <Field name="url" label="URL" type="url" pointer={`${at}/url`} defaultValue={target?.url} {...field} required />
  ),
  address: (texts: Texts) => ({ url: texts['url']?.trim() ?? '' }),
  addressOf: ({ url }: HttpTarget) => ({ url }),
  /** What an endpoint sets beside it; the small fields, and below all others the large ones. */
  Settings: ({ target, problem }: FieldsProps<HttpTarget>) => (
    <>
      <SelectField
        name="method"
        label="Method"
        options={wordOptions(METHODS)}
        value={target?.method}
        problem={problem}
      />
      <Timeout target={target} hint={SLOW} problem={problem} />
    </>
  ),
  LargeSettings: ({ target, problem }: FieldsProps<HttpTarget>) => (
    <Field
      class="whole"
      name="headers"
      label="Headers"
      hint="Name: value, one per line. Sent with every call."
      problem={problem}
    >
      {(props) => <textarea {...props} class="code" rows={3} defaultValue={headersText(target?.headers ?? {})} />}
    </Field>
  ),
  settings: (texts: Texts) => ({
    method: texts['method'] as HttpTarget['method'],
    timeout_ms: numberOrNull(texts['timeout_ms']),
    headers: headersOf(texts['headers']),
  }),
  nameOf: ({ url }: HttpTarget) => url,
  callOf: ({ method, url }: HttpTarget) => `${method} ${url}`,
  facts: (target: HttpTarget): [string, ComponentChildren][] => {
    const headers = Object.keys(target.headers);
    return [
      ['Headers', headers.length > 0 ? headers.join(', ') : 'none of its own'],
      ['Timeout', latencyText(target.timeout_ms)],
    ];
  },
};

type AwsTarget = Target & Required<Pick<Target, 'type' | 'arn'>>;

/** What only one kind has. */
interface OwnField {
  readonly name: 'source' | 'invocation';
  readonly label: string;
  /** Without options it is a text. */
  readonly options?: readonly string[];
  readonly placeholder?: string;
}

function Own({ target, problem, own }: FieldsProps<AwsTarget> & { readonly own: OwnField }) {
  const { name, label, options, placeholder = '' } = own;
  const value = target?.[name];
  if (options)
    return <SelectField name={name} label={label} options={wordOptions(options)} value={value} problem={problem} />;
  return <Field name={name} label={label} placeholder={placeholder} defaultValue={value} problem={problem} />;
}

/** A resource of AWS, by its ARN. */
const aws = (type: AwsTarget['type'], title: string, example: string, own?: OwnField) => ({
  title,
  names: ['arn', ...(own ? [own.name] : []), 'timeout_ms'],
  Address: ({ target, at, placeholder: _url, ...field }: AddressProps<AwsTarget>) => (
    <Field
      name="arn"
      label="ARN"
      pointer={`${at}/arn`}
      placeholder={example}
      defaultValue={target?.arn}
      {...field}
      required
    />
  ),
  address: (texts: Texts) => ({ type, arn: texts['arn']?.trim() ?? '' }),
  addressOf: ({ arn }: AwsTarget) => ({ type, arn }),
  Settings: ({ target, problem }: FieldsProps<AwsTarget>) => (
    <>
      {own && <Own own={own} target={target} problem={problem} />}
      <Timeout target={target} hint={SLOW} problem={problem} />
    </>
  ),
  LargeSettings: () => <></>,
  settings: (texts: Texts) => ({
    ...(own && { [own.name]: textOrNull(texts[own.name]) }),
    timeout_ms: numberOrNull(texts['timeout_ms']),
  }),
  nameOf: ({ arn }: AwsTarget) => arn,
  callOf: ({ arn }: AwsTarget) => arn,
  facts: (target: AwsTarget): [string, ComponentChildren][] => [
    ['Kind', title],
    ...(own ? [[own.label, target[own.name]] as [string, ComponentChildren]] : []),
    ['Timeout', latencyText(target.timeout_ms)],
  ],
});

/** What forms and pages show of each kind of target, by its `type`. */
const TARGETS = {
  http,
  sqs: aws('sqs', 'SQS queue', 'arn:aws:sqs:eu-central-1:123456789012:orders'),
  sns: aws('sns', 'SNS topic', 'arn:aws:sns:eu-central-1:123456789012:orders'),
  eventbridge: aws('eventbridge', 'EventBridge bus', 'arn:aws:events:eu-central-1:123456789012:event-bus/orders', {
    name: 'source',
    label: 'Source',
    placeholder: 'punctual',
  }),
  lambda: aws('lambda', 'Lambda function', 'arn:aws:lambda:eu-central-1:123456789012:function:orders', {
    name: 'invocation',
    label: 'Invocation',
    options: ['RequestResponse', 'Event'],
  }),
  stepfunctions: aws(
    'stepfunctions',
    'Step Functions state machine',
    'arn:aws:states:eu-central-1:123456789012:stateMachine:orders',
  ),
} as const;
type TargetType = keyof typeof TARGETS;
type OneKind = (typeof TARGETS)[TargetType];
const TYPES = Object.entries(TARGETS).map(([type, { title }]) => [type, title] as const);

/** Any of them; its targets are of its own kind. */
export interface TargetKind {
  readonly names: readonly string[];
  Address(props: AddressProps<Target>): VNode;
  address(texts: Texts): ReturnType<OneKind['address']>;
  addressOf(target: Target): ReturnType<OneKind['addressOf']>;
  Settings(props: FieldsProps<Target>): VNode;
  LargeSettings(props: FieldsProps<Target>): VNode;
  settings(texts: Texts): ReturnType<OneKind['settings']>;
  nameOf(target: Target): string;
  callOf(target: Target): string;
  facts(target: Target): [string, ComponentChildren][];
}

/** The kind of a target. Without a `type` it is HTTP. */
export function targetKind(target: object): TargetKind {
  return TARGETS['type' in target ? (target.type as TargetType) : 'http'];
}

/** The kind that a form's texts are of. */
export function givenKind(texts: Texts): TargetKind {
  return TARGETS[(texts['type'] ?? 'http') as TargetType];
}

/** The kind for a form, and the field that chooses it where there is a choice: a target that is there keeps its kind. */
export function useTargetKind(target: Target | undefined) {
  const [chosen, setChosen] = useState<TargetType>('http');
  const choose = (event: Event) => setChosen((event.currentTarget as HTMLSelectElement).value as TargetType);
  if (target) {
    const type = 'type' in target && String(target.type);
    return { kind: targetKind(target), choice: type && <input type="hidden" name="type" value={type} /> };
  }
  const choice = <SelectField name="type" label="Kind" options={TYPES} value={chosen} onChange={choose} />;
  return { kind: TARGETS[chosen] as TargetKind, choice };
}
