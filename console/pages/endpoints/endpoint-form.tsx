import type { Schemas } from '../../api/client.js';
import { useNames } from '../../api/names.js';
import type { ApiCall } from '../../components/as-code.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { numberOrNull, textOrNull, wordsOf } from '../../components/form-values.js';
import { SelectField } from '../../components/select-field.js';
import { type TargetKind, useTargetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';

type Endpoint = Schemas['Endpoint'];

/** The values of the endpoint form; an empty field is null. */
export type GivenEndpoint = ReturnType<typeof givenEndpoint>;

interface EndpointFormProps {
  readonly endpoint?: Endpoint;
  readonly submit: string;
  readonly back: string;
  readonly perform: (given: GivenEndpoint) => Promise<unknown>;
  readonly callOf?: (given: GivenEndpoint) => ApiCall;
}

const POINTERS = ['name', 'retry_policy_id', 'event_filters', 'rate_limit_per_second', 'max_concurrency'];

export function EndpointForm({ endpoint, submit, back, perform, callOf }: EndpointFormProps) {
  const policies = useNames('retry-policies');
  const { kind, choice } = useTargetKind(endpoint);
  return (
    <Form
      class="card card-body"
      submit={submit}
      perform={(texts) => perform(givenEndpoint(texts, kind))}
      callOf={callOf && ((texts) => callOf(givenEndpoint(texts, kind)))}
      pointers={[...POINTERS, ...kind.names].map((name) => `/${name}`)}
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
          {choice}
          <kind.Address
            class="whole"
            at=""
            placeholder="https://example.com/hooks/punctual"
            target={endpoint}
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
            defaultValue={endpoint?.rate_limit_per_second ?? ''}
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

const givenEndpoint = (texts: Texts, kind: TargetKind) => ({
  name: texts['name'] ?? '',
  ...kind.address(texts),
  ...kind.settings(texts),
  retry_policy_id: textOrNull(texts['retry_policy_id']),
  rate_limit_per_second: numberOrNull(texts['rate_limit_per_second']),
  max_concurrency: numberOrNull(texts['max_concurrency']),
  event_filters: wordsOf(texts['event_filters']),
});
