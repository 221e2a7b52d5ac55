import type { Schemas } from '../../api/client.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { SelectField, wordOptions } from '../../components/select-field.js';

const ENVIRONMENTS = ['production', 'staging'] as const;

export interface ProjectValues {
  readonly name: string;
  readonly environment: (typeof ENVIRONMENTS)[number];
}

interface ProjectFormProps {
  readonly submit: string;
  readonly project?: Schemas['Project'];
  readonly perform: (values: ProjectValues) => Promise<unknown>;
}

/** The fields of a project. */
export function ProjectForm({ submit, project, perform }: ProjectFormProps) {
  const values = ({ name = '', environment }: Texts) =>
    perform({ name, environment: environment as ProjectValues['environment'] });
  return (
    <Form submit={submit} perform={values} pointers={['/name', '/environment']}>
      {(problem) => (
        <div class="form-grid">
          <Field
            name="name"
            label="Name"
            placeholder="shop"
            defaultValue={project?.name}
            problem={problem}
            autocomplete="off"
            required
          />
          <SelectField
            name="environment"
            label="Environment"
            options={wordOptions(ENVIRONMENTS)}
            value={project?.environment}
            problem={problem}
          />
        </div>
      )}
    </Form>
  );
}
