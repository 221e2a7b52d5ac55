import type { Schemas } from '../../api/client.js';
import { useSession } from '../../api/session.js';
import type { ApiCall } from '../../components/code-languages.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import { type Texts, wordsOf } from '../../components/form-values.js';
import { SelectField, wordOptions } from '../../components/select-field.js';

const ENVIRONMENTS = ['production', 'staging'] as const;

export interface ProjectValues {
  readonly name: string;
  readonly environment: (typeof ENVIRONMENTS)[number];
  readonly payload_days?: number | null;
  readonly allowed_targets?: string[] | null;
}

interface ProjectFormProps {
  readonly submit: string;
  readonly project?: Schemas['Project'];
  readonly perform: (values: ProjectValues) => Promise<unknown>;
}

/** The fields of a project. */
export function ProjectForm({ submit, project, perform }: ProjectFormProps) {
  const { may } = useSession();
  const patterns = project?.allowed_targets?.join('\n') ?? '';
  const values = ({ name = '', environment, payload_days: days, allowed_targets: given = patterns }: Texts) => ({
    name,
    environment: environment as ProjectValues['environment'],
    ...(project && { payload_days: days ? Number(days) : null }),
    // An unchanged field says nothing: empty it stands for all targets, and for none where the project may reach none.
    ...(given.trim() !== patterns && { allowed_targets: given.trim() ? wordsOf(given) : null }),
  });
  const callOf = (texts: Texts): ApiCall =>
    project
      ? { path: '/v1/projects/{id}', id: project.id, body: values(texts) }
      : { path: '/v1/projects', body: values(texts) };
  return (
    <Form
      submit={submit}
      perform={(texts) => perform(values(texts))}
      callOf={callOf}
      pointers={['/name', '/environment', '/payload_days', '/allowed_targets']}
    >
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
          {project && may('administer', '*') && (
            <Field
              class="whole"
              name="allowed_targets"
              label="Targets in AWS that it may reach"
              hint={
                project.allowed_targets?.length === 0
                  ? 'At present none. An ARN in each line, in which * stands for any text.'
                  : 'An ARN in each line, in which * stands for any text. Empty: all that the installation may reach.'
              }
              problem={problem}
            >
              {(props) => (
                <textarea
                  {...props}
                  class="code"
                  rows={2}
                  placeholder="arn:aws:sqs:eu-central-1:123456789012:orders-*"
                  defaultValue={patterns}
                />
              )}
            </Field>
          )}
        </div>
      )}
    </Form>
  );
}
