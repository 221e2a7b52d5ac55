import type { Schemas } from '../../api/client.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { SelectField, wordOptions } from '../../components/select-field.js';

const ENVIRONMENTS = ['production', 'staging'] as const;

export interface ProjectValues {
  readonly name: string;
  readonly environment: (typeof ENVIRONMENTS)[number];
  readonly payload_days?: number | null;
}

interface ProjectFormProps {
  readonly submit: string;
  readonly project?: Schemas['Project'];
  readonly perform: (values: ProjectValues) => Promise<unknown>;
}

/** The fields of a project. */
export function ProjectForm({ submit, project, perform }: ProjectFormProps) {
  const values = ({ name = '', environment, payload_days: days }: Texts) =>
    perform({
      name,
      environment: environment as ProjectValues['environment'],
      ...(project && { payload_days: days ? Number(days) : null }),
    });
  return (
    <Form submit={submit} perform={values} pointers={['/name', '/environment', '/payload_days']}>
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
          {project && (
            <Field
              name="payload_days"
              label="Days that content is kept"
              hint="After a run’s end its payload and answers are removed. Empty: with the run."
              type="number"
              min={1}
              defaultValue={project.payload_days ?? ''}
              problem={problem}
            />
          )}
        </div>
      )}
    </Form>
  );
}
