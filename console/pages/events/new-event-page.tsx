import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { Field } from '../../components/field.js';
import { Form } from '../../components/form.js';
import type { Texts } from '../../components/form-values.js';
import { labelsOf, payloadOf, textOrNull, withoutNulls } from '../../components/form-values.js';
import { LabelsField } from '../../components/labels-field.js';
import { PageHeader } from '../../components/page-header.js';
import { PayloadField } from '../../components/payload-field.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';

const POINTERS = ['/event_name', '/event_key', '/labels', '/payload'];

function givenEvent(texts: Texts) {
  const optional = {
    event_key: textOrNull(texts['event_key']),
    labels: labelsOf(texts['labels']),
    payload: payloadOf(texts),
  };
  return { event_name: texts['event_name'] ?? '', ...withoutNulls(optional) };
}

export function NewEventPage() {
  const { api } = useProject();
  const { go } = usePlace();
  const publish = async (texts: Texts) =>
    go(`/events/${(await answerOf(api.POST('/v1/events', { body: givenEvent(texts) }))).id}`);
  return (
    <div class="stack">
      <PageHeader title="Publish an event" back={<Link to="/events">Events</Link>} />
      <Form
        class="card card-body"
        submit="Publish"
        perform={publish}
        pointers={POINTERS}
        callOf={(texts) => ({ path: '/v1/events', body: givenEvent(texts) })}
        beside={
          <Link to="/events" class="button">
            Cancel
          </Link>
        }
      >
        {(problem) => (
          <>
            <div class="form-grid">
              <Field name="event_name" label="Name" placeholder="invoice.paid" problem={problem} required />
              <Field
                name="event_key"
                label="Key"
                placeholder="inv_123"
                hint="Your own, to find it by."
                problem={problem}
              />
            </div>
            <LabelsField problem={problem} />
            <PayloadField hint="Sent to every endpoint that listens." rows={8} problem={problem} />
          </>
        )}
      </Form>
    </div>
  );
}
