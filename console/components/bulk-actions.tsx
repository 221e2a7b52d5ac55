import { useState } from 'preact/hooks';
import { May, type Permission } from '../api/may.js';
import { problemOf } from '../api/problem.js';
import type { Choice } from './choice.js';
import type { ApiCall } from './code-languages.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';
import { Form } from './form.js';
import './bulk-actions.css';

export interface BulkAction<Row> {
  readonly needs: Permission;
  /** Such as `Replay`. */
  readonly label: string;
  /** Its consequences, shown before it begins. */
  readonly confirm: string;
  /** Label of the text that it asks for. */
  readonly note?: string;
  /** Whether the row's status allows it. */
  readonly applies: (row: Row) => boolean;
  readonly perform: (row: Row, note: string) => Promise<unknown>;
  /** The call by which a program does the same for all rows; of the first one, where the API has no call for many. */
  readonly callOf: (ids: readonly string[], note: string) => ApiCall;
}

interface BulkActionsProps<Row> {
  readonly rows: readonly Row[];
  readonly choice: Choice;
  readonly actions: readonly BulkAction<Row>[];
  readonly onDone: () => void;
}

/** What can be done with the chosen rows of a page, with the number of rows that each action is for. */
export function BulkActions<Row extends { readonly id: string }>(props: BulkActionsProps<Row>) {
  const { rows, choice, actions } = props;
  const chosen = rows.filter(({ id }) => choice.chosen.has(id));
  const [action, begin] = useState<BulkAction<Row>>();
  // An action goes on to its end while its rows leave the choice.
  if (chosen.length === 0 && !action) return null;
  return (
    <section class="bulk card row" aria-label="Chosen rows">
      <strong class="numeric" role="status">
        {chosen.length} chosen
      </strong>
      {actions.map((one) => (
        <OneAction key={one.label} action={one} count={chosen.filter(one.applies).length} onClick={() => begin(one)} />
      ))}
      <button type="button" class="button plain" onClick={choice.clear}>
        Choose none
      </button>
      <Dialog label={action?.label ?? ''} open={action !== undefined} onClose={() => begin(undefined)}>
        {action && (
          <Performance
            {...props}
            key={action.label}
            action={action}
            rows={chosen.filter(action.applies)}
            onClose={() => begin(undefined)}
          />
        )}
      </Dialog>
    </section>
  );
}

interface OneActionProps<Row> {
  readonly action: BulkAction<Row>;
  readonly count: number;
  readonly onClick: () => void;
}

function OneAction<Row>({ action: { needs, label }, count, onClick }: OneActionProps<Row>) {
  return (
    <May needs={needs}>
      <button type="button" class="button" disabled={count === 0} onClick={onClick}>
        {label} {count}
      </button>
    </May>
  );
}

interface PerformanceProps<Row> extends BulkActionsProps<Row> {
  readonly action: BulkAction<Row>;
  readonly onClose: () => void;
}

interface Progress {
  readonly done: number;
  readonly failures: readonly string[];
}

/** Asks, then performs the action row by row, and says how far it is and which rows it failed for. */
function Performance<Row extends { readonly id: string }>(props: PerformanceProps<Row>) {
  const { action, choice, onDone, onClose } = props;
  // The rows at the start: the list below goes on, and a row that was changed may not allow the action any more.
  const [rows] = useState(props.rows);
  const [progress, setProgress] = useState<Progress>();
  const perform = async (note: string) => {
    const failures: string[] = [];
    for (const [index, row] of rows.entries()) {
      setProgress({ done: index, failures: [...failures] });
      try {
        await action.perform(row, note);
        choice.choose([row.id], false);
      } catch (error) {
        const { title, detail } = problemOf(error);
        failures.push(`${row.id}: ${detail ?? title}`);
      }
    }
    setProgress({ done: rows.length, failures });
    onDone();
  };
  if (progress) return <Outcome progress={progress} of={rows.length} onClose={onClose} />;
  return (
    <Form
      submit={`${action.label} ${rows.length}`}
      perform={({ note = '' }) => perform(note)}
      callOf={({ note = '' }) =>
        action.callOf(
          rows.map(({ id }) => id),
          note,
        )
      }
      pointers={[]}
      beside={
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
      }
    >
      {() => (
        <>
          <p>{action.confirm}</p>
          {action.note && (
            <Field name="note" label={action.note}>
              {(field) => <textarea {...field} required maxLength={2000} rows={3} />}
            </Field>
          )}
        </>
      )}
    </Form>
  );
}

interface OutcomeProps {
  readonly progress: Progress;
  readonly of: number;
  readonly onClose: () => void;
}

function Outcome({ progress: { done, failures }, of, onClose }: OutcomeProps) {
  return (
    <>
      <progress value={done} max={of} aria-label="Progress" />
      <p role="status">
        {done} of {of} {done < of ? 'so far…' : 'done'}
        {failures.length > 0 && `, ${failures.length} failed`}
      </p>
      {failures.length > 0 && (
        <ul class="problem small">
          {failures.map((failure) => (
            <li key={failure}>{failure}</li>
          ))}
        </ul>
      )}
      <div class="actions">
        <button type="button" class="button" disabled={done < of} onClick={onClose}>
          Done
        </button>
      </div>
    </>
  );
}
