import { useState } from 'preact/hooks';
import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { CodeBlock } from '../../components/code-block.js';
import type { ApiCall } from '../../components/code-languages.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { numberOrNull, textOrNull, wordsOf } from '../../components/form-values.js';
import { SelectField } from '../../components/select-field.js';
import { type TargetKind, useTargetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import { TEMPLATES } from './templates.js';

type Endpoint = Schemas['Endpoint'];

/** The values of the endpoint form; an empty field is null. */
export type GivenEndpoint = ReturnType<typeof givenEndpoint>;

interface EndpointFormProps {
  readonly endpoint?: Endpoint;
  readonly submit: string;
  readonly back: string;
  readonly perform: (given: GivenEndpoint) => Promise<unknown>;
  readonly callOf: (given: GivenEndpoint) => ApiCall;
}

/** The API's, which the field of the form shows as its placeholder. */
const DEFAULT_TIMEOUT_MS = 10_000;

const POINTERS = ['name', 'retry_policy_id', 'event_filters', 'rate_limit_per_second', 'max_concurrency'];

export function EndpointForm({ endpoint, submit, back, perform, callOf }: EndpointFormProps) {
  const policies = useNames('retry-policies');
  const { kind, choice } = useTargetKind(endpoint);
  const [chosen, choose] = useState('');
  const template = TEMPLATES[chosen];
  return (
    <Form
      class="card card-body"
      submit={submit}
      perform={(texts) => perform(givenEndpoint(texts, kind))}
      callOf={(texts) => callOf(givenEndpoint(texts, kind))}
      pointers={[...POINTERS, ...kind.names].map((name) => `/${name}`)}
      beside={
        <Link to={back} class="button">
          Cancel
        </Link>
      }
    >
      {(problem) => (
        <div class="form-grid" key={chosen}>
          {!endpoint && <TemplateChoice chosen={chosen} onChosen={choose} />}
          <Field
            class="whole"
            name="name"
            label="Name"
            placeholder="Billing"
            defaultValue={endpoint?.name}
            problem={problem}
            required
          />
          {choice}
          <kind.Address
            class="whole"
            at=""
            placeholder={template?.placeholder ?? 'https://example.com/hooks/punctual'}
            target={endpoint ?? (template?.url ? { url: template.url, timeout_ms: DEFAULT_TIMEOUT_MS } : undefined)}
            problem={problem}
          />
          <kind.Settings target={endpoint} problem={problem} />
          <SelectField
            name="retry_policy_id"
            label="Retry policy"
            options={policies}
            value={endpoint?.retry_policy_id}
            none="The default"
            problem={problem}
          />
          <Field
            name="rate_limit_per_second"
            label="Calls a second, at most"
            type="number"
            step="any"
            min={0.01}
            defaultValue={endpoint?.rate_limit_per_second ?? template?.rate ?? ''}
            hint="Empty: no limit."
            problem={problem}
          />
          <Field
            name="max_concurrency"
            label="Calls at a time, at most"
            type="number"
            min={1}
            defaultValue={endpoint?.max_concurrency ?? ''}
            hint="Empty: no limit."
            problem={problem}
          />
          <Field
            class="whole"
            name="event_filters"
            label="Listens for"
            placeholder="invoice.paid, order.*"
            defaultValue={endpoint?.event_filters.join(', ')}
            hint="Names of events, with commas between: invoice.paid, all below invoice.*, or * for all but job notifications."
            problem={problem}
          />
          <kind.LargeSettings target={endpoint} problem={problem} />
        </div>
      )}
    </Form>
  );
}

interface TemplateChoiceProps {
  readonly chosen: string;
  readonly onChosen: (name: string) => void;
}

/** Fills the fields for a known service, and says what such an endpoint does not do. */
function TemplateChoice({ chosen, onChosen }: TemplateChoiceProps) {
  const template = TEMPLATES[chosen];
  return (
    <div class="whole stack-tight">
      <SelectField
        name=""
        label="Template"
        options={Object.entries(TEMPLATES).map(([name, { title }]) => [name, title])}
        value={chosen}
        none="None: a receiver of your own"
        onChange={(event) => onChosen((event.currentTarget as HTMLSelectElement).value)}
      />
      {template && (
        <>
          <p class="quiet small">
            It sets the form of the URL and a limit of calls, and nothing else. Punctual sends a payload as it is, so
            the payloads of your task runs and events must be such as this one. Job notifications are not, and would be
            refused.
          </p>
          <CodeBlock label="A payload that is taken there" text={JSON.stringify(template.payload, null, 2)} />
        </>
      )}
    </div>
  );
}

const givenEndpoint = (texts: Texts, kind: TargetKind) => ({
  name: texts['name'] ?? '',
  ...kind.address(texts),
  ...kind.settings(texts),
  retry_policy_id: textOrNull(texts['retry_policy_id']),
  rate_limit_per_second: numberOrNull(texts['rate_limit_per_second']),
  max_concurrency: numberOrNull(texts['max_concurrency']),
  event_filters: wordsOf(texts['event_filters']),
});
