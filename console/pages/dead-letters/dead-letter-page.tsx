import { answerOf, type Schemas } from '../../api/client.js';
import { May } from '../../api/may.js';
import { useEndpoints } from '../../api/names.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { ActionButton } from '../../components/action-button.js';
import { Facts } from '../../components/facts.js';
import { Identifier, shortId } from '../../components/identifier.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { PageHeader } from '../../components/page-header.js';
import { PayloadBlock } from '../../components/payload-block.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { StatusLamp } from '../../components/status-lamp.js';
import { targetKind } from '../../components/targets.js';
import { Link } from '../../shell/link.js';
import { usePlace } from '../../shell/location.js';
import type { PageProps } from '../../shell/page-props.js';
import { REPLAY } from '../runs/run-actions.js';
import { SendAgain } from '../runs/send-again.js';
import { REASONS } from './dead-letter-filters.js';
import { shownEndpoint } from './dead-letter-groups.js';
import { Resolve } from './resolve.js';

type Letter = Schemas['DeadLetterWithPayload'];

/** One dead letter: its reason, its payload and its actions. */
export function DeadLetterPage({ params: { id = '' } }: PageProps) {
  const { api } = useProject();
  const path = { id };
  const { data, error, refresh } = useLive(id, (signal) =>
    answerOf(api.GET('/v1/dead-letters/{id}', { params: { path }, signal })),
  );
  // What was sent, and where to: it stays.
  const { data: run } = useLive(
    data?.task_id,
    (signal) => answerOf(api.GET('/v1/tasks/{id}', { params: { path: { id: data!.task_id } }, signal })),
    { everyMs: false },
  );
  return (
    <div class="stack">
      <PageHeader
        title="Dead letter"
        back={<Link to="/dead-letters">Dead letters</Link>}
        beside={data && <StatusLamp status={data.status} />}
      >
        {data?.status === 'open' && <Decision letter={data} onChanged={refresh} />}
        {run && <SendAgain run={run} />}
      </PageHeader>
      <Identifier id={id} />
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && <Inside letter={data} target={run?.target} />}
    </div>
  );
}

interface InsideProps {
  readonly letter: Letter;
  /** An inline target. */
  readonly target: Schemas['Target'] | undefined;
}

function Inside({ letter, target }: InsideProps) {
  return (
    <>
      <LetterFacts letter={letter} target={target} />
      <section class="stack-tight">
        <h2>Payload</h2>
        <PayloadBlock label="Payload" payload={letter.payload} />
      </section>
      {letter.last_attempt && <LastAttempt attempt={letter.last_attempt} />}
    </>
  );
}

function LetterFacts({ letter, target }: InsideProps) {
  const endpoints = useEndpoints();
  const called = target ?? endpoints.get(letter.endpoint_id ?? '');
  const { endpoint_id, endpoint_deleted, task_id, name, reason, attempt_count, created_at, note } = letter;
  const endpoint = shownEndpoint(letter, new Map([...endpoints].map(([id, one]) => [id, one.name])));
  const facts = [
    ['Name', name ?? undefined],
    ['Reason', REASONS[reason]],
    ['Ended', <Moment key="ended" at={created_at} distance />],
    ['Attempts', attempt_count],
    [
      'Endpoint',
      endpoint_id && !endpoint_deleted ? <Link to={`/endpoints/${endpoint_id}`}>{endpoint}</Link> : endpoint,
    ],
    ['Calls', called && <code class="break">{targetKind(called).callOf(called)}</code>],
    [
      'Task run',
      <Link key="run" to={`/runs/${task_id}`}>
        {shortId(task_id)} and all its attempts
      </Link>,
    ],
    ['Note', note ?? undefined],
  ] as const;
  return (
    <div class="card card-body">
      <Facts facts={facts} />
    </div>
  );
}

/** Replay or resolve. A replay opens the run's page, where the status then changes. */
function Decision({ letter, onChanged }: { readonly letter: Letter; readonly onChanged: () => void }) {
  const { api } = useProject();
  const { go } = usePlace();
  const replay = async () => {
    const params = { path: { id: letter.id } };
    const { id } = await answerOf(api.POST('/v1/dead-letters/{id}/replay', { params }));
    go(`/runs/${id}`);
  };
  return (
    <>
      {letter.endpoint_deleted ? (
        <span>Its endpoint was deleted, so it cannot be replayed.</span>
      ) : (
        <ActionButton needs="publish" label="Replay" perform={replay} confirm={REPLAY} />
      )}
      <May needs="publish">
        <Resolve letter={letter} onResolved={onChanged} />
      </May>
    </>
  );
}

function LastAttempt({ attempt }: { readonly attempt: Schemas['DeliveryAttempt'] }) {
  return (
    <section class="stack-tight">
      <h2>Answer to the last attempt</h2>
      <p class="row">
        <StatusLamp status={attempt.status} />
        {attempt.error?.message}
      </p>
      <PayloadBlock label="Response body" payload={attempt.response_body} />
    </section>
  );
}
