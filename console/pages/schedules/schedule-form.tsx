import { useState } from 'preact/hooks';
import type { Schemas } from '../../api/client.js';
import type { ApiCall } from '../../components/code-languages.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { LabelsField } from '../../components/labels-field.js';
import { PayloadField } from '../../components/payload-field.js';
import { Link } from '../../shell/link.js';
import { BoundsFields } from './bounds-fields.js';
import { DestinationFields } from './destination-fields.js';
import { type GivenSchedule, givenSchedule } from './given-schedule.js';
import { WhenFields } from './when-fields.js';
import './schedule-form.css';

interface ScheduleFormProps {
  readonly schedule?: Schemas['ScheduleWithPayload'];
  readonly submit: string;
  readonly back: string;
  readonly perform: (given: GivenSchedule) => Promise<unknown>;
  readonly callOf: (given: GivenSchedule) => ApiCall;
}

const POINTERS = [
  ...[
    'name',
    'cron',
    'timezone',
    'run_at',
    'endpoint_id',
    'target/url',
    'labels',
    'payload',
    'overlap_policy',
    'misfire_policy',
  ],
  ...['start_at', 'end_at', 'max_runs', 'jitter_seconds', 'retry_policy_id'],
];

export function ScheduleForm({ schedule, submit, back, perform, callOf }: ScheduleFormProps) {
  const [once, setOnce] = useState(Boolean(schedule?.run_at));
  const given = (texts: Texts) => givenSchedule(texts, once, schedule?.payload);
  return (
    <Form
      class="card card-body"
      submit={submit}
      perform={(texts) => perform(given(texts))}
      callOf={(texts) => callOf(given(texts))}
      pointers={POINTERS.map((name) => `/${name}`)}
      beside={
        <Link to={back} class="button">
          Cancel
        </Link>
      }
    >
      {(problem) => (
        <>
          <Field
            name="name"
            label="Name"
            placeholder="Nightly report"
            defaultValue={schedule?.name}
            problem={problem}
            required
          />
          <WhenFields schedule={schedule} once={once} onOnce={setOnce} problem={problem} />
          <DestinationFields schedule={schedule} problem={problem} />
          <LabelsField labels={schedule?.labels} problem={problem} />
          <PayloadField payload={schedule?.payload} hint="Sent as the body." rows={4} problem={problem} />
          <BoundsFields schedule={schedule} problem={problem} />
        </>
      )}
    </Form>
  );
}
