import type { Schemas } from '../../api/client.js';
import { Facts } from '../../components/facts.js';
import { Identifier } from '../../components/identifier.js';
import { PayloadBlock } from '../../components/payload-block.js';
import './run-page.css';

/** The stored request and response of an attempt; values of an endpoint's own headers are not stored. */
export function AttemptDetails({ attempt }: { readonly attempt: Schemas['DeliveryAttempt'] }) {
  return (
    <div class="stack attempt-details">
      <div class="stack-tight">
        <h3>Request headers</h3>
        <Headers headers={attempt.request_headers} />
      </div>
      <div class="stack-tight">
        <h3>Response headers</h3>
        <Headers headers={attempt.response_headers} />
      </div>
      <div class="stack-tight">
        <h3>Response body</h3>
        <PayloadBlock label={`Response body of attempt ${attempt.attempt}`} payload={attempt.response_body} />
      </div>
      <Facts
        facts={[
          ['Request id', <Identifier key="request" id={attempt.request_id} />],
          ['Trace id', <Identifier key="trace" id={attempt.trace_id} />],
        ]}
      />
    </div>
  );
}

function Headers({ headers }: { readonly headers: Readonly<Record<string, string>> }) {
  const entries = Object.entries(headers);
  if (entries.length === 0) return <p class="quiet">None.</p>;
  return (
    <dl class="headers">
      {entries.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}:`}>{value}</dd>])}
    </dl>
  );
}
