import { useState } from 'preact/hooks';
import type { Schemas } from '../../api/client.js';
import { useMay } from '../../api/may.js';
import type { ApiCall } from '../../components/code-languages.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { SelectField, wordOptions } from '../../components/select-field.js';
import { Link } from '../../shell/link.js';
import { DelayLine } from './delay-line.js';
import { delaysOf, STRATEGIES } from './delays.js';
import { type GivenPolicy, givenPolicy, settingsOf } from './given-policy.js';

interface RetryPolicyFormProps {
  readonly policy?: Schemas['RetryPolicy'];
  readonly submit: string;
  readonly perform: (given: GivenPolicy) => Promise<unknown>;
  readonly callOf: (given: GivenPolicy) => ApiCall;
}

const POINTERS = [
  'name',
  'strategy',
  'base_delay_seconds',
  'max_delay_seconds',
  'delays_seconds',
  'max_attempts',
  'jitter',
  'retry_on_statuses',
];

/** The form of a retry policy, which draws the delays while the user types. */
export function RetryPolicyForm({ policy, submit, perform, callOf }: RetryPolicyFormProps) {
  const [texts, setTexts] = useState<Texts>(() => textsOf(policy));
  const isCustom = texts['strategy'] === 'custom';
  const change = (event: Event) => {
    const { name, value } = event.currentTarget as HTMLInputElement;
    setTexts((before) => ({ ...before, [name]: value }));
  };
  const typed = (name: string) => ({ name, value: texts[name], onInput: change });
  const chosen = (name: string) => ({ name, value: texts[name] ?? '', onChange: change });
  return (
    <Form
      class="card card-body"
      submit={submit}
      readOnly={!useMay('manage')}
      perform={(given) => perform(givenPolicy({ ...texts, ...given }))}
      callOf={(given) => callOf(givenPolicy({ ...texts, ...given }))}
      pointers={POINTERS.map((name) => `/${name}`)}
      beside={
        <Link to="/retry-policies" class="button">
          Cancel
        </Link>
      }
    >
      {(problem) => (
        <>
          <div class="form-grid">
            <Field class="whole" {...typed('name')} label="Name" placeholder="Patient" problem={problem} required />
            <SelectField {...chosen('strategy')} label="Waits" options={wordOptions(STRATEGIES)} problem={problem} />
            {isCustom ? (
              <Field
                {...typed('delays_seconds')}
                label="Waits, in seconds"
                placeholder="30, 120, 600"
                hint="One by one, with commas between."
                problem={problem}
                required
              />
            ) : (
              <Field
                {...typed('base_delay_seconds')}
                label="First wait, in seconds"
                type="number"
                min={0}
                step="any"
                problem={problem}
                required
              />
            )}
            <Field
              {...typed('max_attempts')}
              label="Attempts, at most"
              type="number"
              min={1}
              max={50}
              hint={isCustom ? 'Empty: one for each wait, and the first.' : undefined}
              problem={problem}
            />
            <Field
              {...typed('max_delay_seconds')}
              label="Longest wait, in seconds"
              type="number"
              min={0}
              step="any"
              problem={problem}
            />
            <SelectField
              {...chosen('jitter')}
              label="Jitter"
              options={JITTER}
              hint="Full: each wait is at random, up to the one that is drawn."
              problem={problem}
            />
            <Field
              {...typed('retry_on_statuses')}
              label="Statuses to retry"
              placeholder="5xx, 429"
              hint="Empty: every one but 2xx."
              problem={problem}
            />
          </div>
          <label class="choice">
            <input type="checkbox" name="honor_retry_after" defaultChecked={policy?.honor_retry_after ?? true} />
            Wait longer when a receiver's Retry-After asks for it
          </label>
          <DelayLine delays={delaysOf(settingsOf(texts))} jitter={texts['jitter'] === 'full'} />
        </>
      )}
    </Form>
  );
}

const JITTER = [
  ['none', 'None'],
  ['full', 'Full'],
] as const;

function textsOf(policy: Schemas['RetryPolicy'] | undefined): Texts {
  if (!policy) return { strategy: 'exponential', base_delay_seconds: '10', max_attempts: '6', jitter: 'none' };
  return {
    name: policy.name,
    strategy: policy.strategy,
    base_delay_seconds: String(policy.base_delay_seconds),
    max_delay_seconds: String(policy.max_delay_seconds),
    delays_seconds: policy.delays_seconds.join(', '),
    max_attempts: String(policy.max_attempts),
    jitter: policy.jitter,
    retry_on_statuses: (policy.retry_on_statuses ?? []).join(', '),
  };
}
