import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { answerOf, type Schemas } from '../api/client.js';
import { May } from '../api/may.js';
import { useProject } from '../api/project.js';
import { useLive } from '../api/use-live.js';
import type { ApiCall } from './code-languages.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';
import { Form } from './form.js';
import { ProblemNotice } from './problem-notice.js';

type Job = Schemas['BulkJob'] | Schemas['BulkReplay'];
type Answer = Job | Schemas['BulkCount'];

interface BulkJobProps {
  /** Such as `Replay`. */
  readonly label: string;
  /** The button that opens the dialog. */
  readonly opener: string;
  /** Such as `replayed`. */
  readonly done: string;
  readonly kind?: 'danger';
  /** What is meant, behind its count, and what becomes of it. */
  readonly what: (count: string | undefined) => ComponentChildren;
  /** Label of the text that it asks for. */
  readonly note?: string;
  /** Fields that change what is meant. */
  readonly fields?: ComponentChildren;
  /** Names what is meant; another name is counted anew. */
  readonly of: string;
  /** Only counts. `until` is the moment at which the dialog was opened. */
  readonly count: (until: string, signal: AbortSignal) => Promise<Answer>;
  readonly begin: (until: string, note: string) => Promise<Answer>;
  /** The call of `begin`. */
  readonly callOf: (until: string, note: string) => ApiCall;
  readonly onDone: () => void;
}

/** A button for all that match: it counts them first, asks, and follows the bulk job to its end. */
export function BulkJob(props: BulkJobProps) {
  const [opened, open] = useState<string>();
  const close = () => {
    open(undefined);
    props.onDone();
  };
  return (
    <May needs="publish">
      <button type="button" class="button" onClick={() => open(new Date().toISOString())}>
        {props.opener}
      </button>
      <Dialog label={props.opener.replace('…', '')} open={opened !== undefined} onClose={close}>
        {opened && <Counted {...props} until={opened} onClose={close} />}
      </Dialog>
    </May>
  );
}

interface CountedProps extends BulkJobProps {
  readonly until: string;
  readonly onClose: () => void;
}

function Counted({ until, onClose, ...props }: CountedProps) {
  const [job, setJob] = useState<Job>();
  const { data, error } = useLive(`count ${props.of} ${until}`, (signal) => props.count(until, signal), {
    everyMs: false,
  });
  const counted = data && 'count' in data ? data : undefined;
  const count = counted && `${counted.count}${counted.is_complete ? '' : ' or more'}`;
  const begin = async (note: string) => {
    const begun = await props.begin(until, note);
    if ('id' in begun) setJob(begun);
    props.onDone();
  };
  const leave = (text: string) => (
    <button type="button" class="button" onClick={onClose}>
      {text}
    </button>
  );
  return (
    <>
      {!job && props.fields}
      <p aria-live="polite">
        <strong class="numeric">{count ?? 'Counting…'}</strong> {props.what(count)}
      </p>
      {error !== undefined && <ProblemNotice error={error} />}
      {job && <Progress job={job} of={counted} done={props.done} />}
      {!job && counted && counted.count > 0 ? (
        <Form
          submit={`${props.label} ${count}`}
          kind={props.kind}
          perform={({ note = '' }) => begin(note)}
          pointers={['/note']}
          callOf={({ note = '' }) => props.callOf(until, note)}
          beside={leave('Cancel')}
        >
          {(problem) =>
            props.note && (
              <Field name="note" label={props.note} problem={problem}>
                {(field) => <textarea {...field} required maxLength={2000} rows={3} />}
              </Field>
            )
          }
        </Form>
      ) : (
        <div class="actions">{leave(job ? 'Done' : 'Close')}</div>
      )}
    </>
  );
}

interface ProgressProps {
  readonly job: Job;
  readonly of: Schemas['BulkCount'] | undefined;
  readonly done: string;
}

function Progress({ job, of, done: word }: ProgressProps) {
  const { api } = useProject();
  const [over, setOver] = useState(false);
  const params = { path: { id: job.id } };
  const { data } = useLive(
    job.id,
    (signal) => answerOf(api.GET('/v1/bulk-jobs/{id}', { params, signal })),
    over ? { everyMs: false } : {},
  );
  const isCompleted = data?.status === 'completed';
  useEffect(() => setOver(isCompleted), [isCompleted]);
  const done = data?.done ?? 0;
  // A count that is not complete is no end to measure by.
  const bar = over ? { value: 1, max: 1 } : of?.is_complete ? { value: done, max: of.count } : {};
  return (
    <>
      <progress {...bar} aria-label="Progress" />
      <p role="status">
        <strong class="numeric">{done}</strong> {word}
        {over ? ': done.' : ' so far…'}
      </p>
    </>
  );
}
