import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { headersOf, headersText, numberOrNull, textOrNull, wordsOf } from '../../components/form-values.js';
import { SelectField, wordOptions } from '../../components/select-field.js';
import { Link } from '../../shell/link.js';

type Endpoint = Schemas['Endpoint'];

export const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;

/** The values of the endpoint form; an empty field is null. */
export type GivenEndpoint = ReturnType<typeof givenEndpoint>;

interface EndpointFormProps {
  readonly endpoint?: Endpoint;
  readonly submit: string;
  readonly back: string;
  readonly perform: (given: GivenEndpoint) => Promise<unknown>;
}

const POINTERS = [
  'name',
  'url',
  'method',
  'headers',
  'timeout_ms',
  'retry_policy_id',
  'event_filters',
  'rate_limit_per_second',
  'max_concurrency',
];

export function EndpointForm({ endpoint, submit, back, perform }: EndpointFormProps) {
  const policies = useNames('retry-policies');
  return (
    <Form
      class="card card-body"
      submit={submit}
      perform={(texts) => perform(givenEndpoint(texts))}
      pointers={POINTERS.map((name) => `/${name}`)}
      beside={
        <Link to={back} class="button">
          Cancel
        </Link>
      }
    >
      {(problem) => (
        <div class="form-grid">
          <Field
            class="whole"
            name="name"
            label="Name"
            placeholder="Billing"
            defaultValue={endpoint?.name}
            problem={problem}
            required
          />
          <Field
            class="whole"
            name="url"
            label="URL"
            type="url"
            placeholder="https://example.com/hooks/punctual"
            defaultValue={endpoint?.url}
            problem={problem}
            required
          />
          <SelectField
            name="method"
            label="Method"
            options={wordOptions(METHODS)}
            value={endpoint?.method}
            problem={problem}
          />
          <Field
            name="timeout_ms"
            label="Timeout, in milliseconds"
            type="number"
            min={100}
            max={300_000}
            placeholder="10000"
            defaultValue={endpoint?.timeout_ms}
            hint="Over 30 s, calls go in a lane of their own."
            problem={problem}
          />
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
            defaultValue={endpoint?.rate_limit_per_second ?? ''}
            hint="Empty: as many as there are."
            problem={problem}
          />
          <Field
            name="max_concurrency"
            label="Calls at a time, at most"
            type="number"
            min={1}
            defaultValue={endpoint?.max_concurrency ?? ''}
            hint="Empty: as many as there are."
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
          <Field
            class="whole"
            name="headers"
            label="Headers"
            hint="Name: value, one per line. Sent with every call."
            problem={problem}
          >
            {(props) => (
              <textarea {...props} class="code" rows={3} defaultValue={headersText(endpoint?.headers ?? {})} />
            )}
          </Field>
        </div>
      )}
    </Form>
  );
}

const givenEndpoint = (texts: Texts) => ({
  name: texts['name'] ?? '',
  url: texts['url']?.trim() ?? '',
  method: texts['method'] as Endpoint['method'],
  timeout_ms: numberOrNull(texts['timeout_ms']),
  retry_policy_id: textOrNull(texts['retry_policy_id']),
  rate_limit_per_second: numberOrNull(texts['rate_limit_per_second']),
  max_concurrency: numberOrNull(texts['max_concurrency']),
  event_filters: wordsOf(texts['event_filters']),
  headers: headersOf(texts['headers']),
});
