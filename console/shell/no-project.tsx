import { answerOf } from '../api/client.js';
import { useSession } from '../api/session.js';
import { Field } from '../components/field.js';
import { Form } from '../components/form.js';
import type { Texts } from '../components/form-values.js';
import { SelectField, wordOptions } from '../components/select-field.js';

const ENVIRONMENTS = ['production', 'staging'] as const;

/** Before the first project there is nothing to look at. */
export function NoProject({ onCreated }: { readonly onCreated: () => void }) {
  const { api } = useSession();
  const create = async ({ name = '', environment }: Texts) => {
    const body = { name, environment: environment as (typeof ENVIRONMENTS)[number] };
    await answerOf(api.POST('/v1/projects', { body }));
    onCreated();
  };
  return (
    <div class="card card-body stack narrow">
      <h1>Create the first project</h1>
      <p class="quiet">A project is a tenant and its environment: every key, endpoint and task run belongs to one.</p>
      <Form submit="Create project" perform={create} pointers={['/name', '/environment']}>
        {(problem) => (
          <>
            <Field name="name" label="Name" placeholder="shop" problem={problem} required />
            <SelectField name="environment" label="Environment" options={wordOptions(ENVIRONMENTS)} problem={problem} />
          </>
        )}
      </Form>
    </div>
  );
}
