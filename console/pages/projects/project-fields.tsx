import type { Schemas } from '../../api/client.js';
import type { Problem } from '../../api/problem.js';
import { Field } from '../../components/field.js';
import { textsOf } from '../../components/form-texts.js';
import { ProblemNotice } from '../../components/problem-notice.js';

interface ProjectFieldsProps {
  readonly project?: Schemas['Project'];
  readonly problem: Problem | undefined;
}

/** What a project is made of, and whatever is wrong with it. */
export function ProjectFields({ project, problem }: ProjectFieldsProps) {
  return (
    <>
      <Field
        name="name"
        label="Name"
        placeholder="shop"
        defaultValue={project?.name}
        problem={problem}
        autocomplete="off"
        required
      />
      <Field name="environment" label="Environment" problem={problem}>
        {(props) => (
          <select {...props} defaultValue={project?.environment}>
            <option value="production">production</option>
            <option value="staging">staging</option>
          </select>
        )}
      </Field>
      <ProblemNotice problem={problem} shown={['/name', '/environment']} />
    </>
  );
}

/** What stands in the fields. */
export function projectIn(form: HTMLFormElement) {
  const { name = '', environment } = textsOf(form);
  return { name, environment: environment === 'staging' ? 'staging' : 'production' } as const;
}
