import type { Problem } from '../api/problem.js';
import { Field } from './field.js';
import { labelsText } from './form-values.js';

interface LabelsFieldProps {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly problem?: Problem | undefined;
}

/** The labels of an object, a line for each. */
export function LabelsField({ labels, problem }: LabelsFieldProps) {
  return (
    <Field name="labels" label="Labels" hint="key: value, one in each line. Task runs get them, too." problem={problem}>
      {(props) => (
        <textarea {...props} class="code" rows={2} placeholder="customer: 42" defaultValue={labelsText(labels)} />
      )}
    </Field>
  );
}
