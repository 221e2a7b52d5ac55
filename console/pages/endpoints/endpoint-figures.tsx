import { answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { type Live, useLive } from '../../api/use-live.js';
import { latencyText } from '../../components/durations.js';
import { Figure } from '../../components/figure.js';
import { Loading } from '../../components/loading.js';
import { Moment } from '../../components/moment.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { countText, millisText, shareText } from '../overview/stats.js';
import { EndpointHealth } from './endpoint-health.js';
import { type RecentAttempts, recentAttempts } from './recent-attempts.js';
import './endpoint-figures.css';

type Endpoint = Schemas['Endpoint'];
type Attempt = Schemas['DeliveryAttempt'];

/** Number of newest attempts that are counted. */
const COUNTED = 100;
const EVERY_MS = 5_000;
const SHOWN_ERRORS = 5;
/** Per cent of the strip's height. */
const LOWEST = 15;

/** How an endpoint does, by its newest attempts and its running task runs. */
export function EndpointFigures({ endpoint }: { readonly endpoint: Endpoint }) {
  const { data: attempts, error } = useNewestAttempts(endpoint.id);
  if (attempts === undefined) return error === undefined ? <Loading /> : <ProblemNotice error={error} />;
  const recent = recentAttempts(attempts, Date.now());
  return (
    <section class="stack-tight" aria-label="Newest attempts">
      <dl class="figures">
        <Figure name="Success" value={shareText(recent.success, recent.count)}>
          {recent.count === 1 ? 'of its only attempt' : `of the newest ${countText(recent.count)} attempts`}
        </Figure>
        <Figure name="Latency" value={millisText(recent.p50)}>
          half of them faster; p95 {millisText(recent.p95)}
        </Figure>
        <Figure name="Last call" value={lastCall(attempts[0])}>
          <EndpointHealth endpoint={endpoint} />
        </Figure>
        <Limits endpoint={endpoint} recent={recent} />
      </dl>
      {attempts.length > 0 && <Outcomes attempts={attempts} />}
      {recent.errors.length > 0 && <LastErrors errors={recent.errors} />}
    </section>
  );
}

function lastCall(newest: Attempt | undefined): string {
  if (newest === undefined) return 'never called';
  return newest.status === 'success' ? 'success' : String(newest.http_status ?? newest.status.replaceAll('_', ' '));
}

function useNewestAttempts(endpoint_id: string): Live<readonly Attempt[]> {
  const { api } = useProject();
  const query = { endpoint_id, page_size: COUNTED };
  return useLive(
    `attempts of ${endpoint_id}`,
    async (signal) => {
      const page = await answerOf(api.GET('/v1/deliveries', { params: { query }, signal }));
      // The answer is text only for requests that accept CSV.
      return (page as Exclude<typeof page, string>).data;
    },
    { everyMs: EVERY_MS },
  );
}

/** The endpoint's limits, and how much of them is used. */
function Limits({ endpoint, recent }: { readonly endpoint: Endpoint; readonly recent: RecentAttempts }) {
  const { api } = useProject();
  const { id, rate_limit_per_second: perSecond, max_concurrency: atATime } = endpoint;
  const query = { endpoint_id: id, status: 'running', page_size: COUNTED } as const;
  const { data } = useLive(
    `running of ${id}`,
    (signal) => answerOf(api.GET('/v1/tasks', { params: { query }, signal })),
    { everyMs: EVERY_MS },
  );
  const running = data ? `${data.data.length}${data.next_cursor === null ? '' : ' or more'}` : '–';
  return (
    <Figure name="Running now" value={atATime === null ? running : `${running} of ${atATime}`}>
      {recent.rate.toFixed(1)} calls a second in the last minute{' '}
      {perSecond === null ? '(no limit)' : `of at most ${perSecond}`}
    </Figure>
  );
}

/** Outcomes and latencies in a strip, the oldest first. */
function Outcomes({ attempts }: { readonly attempts: readonly Attempt[] }) {
  const longest = Math.max(...attempts.map(({ latency_ms }) => latency_ms));
  const height = (ms: number) => Math.max(LOWEST, (Math.log1p(ms) / Math.log1p(Math.max(1, longest))) * 100);
  return (
    <>
      <ol class="outcomes" aria-label="Newest attempts, the oldest first">
        {[...attempts].reverse().map((attempt) => (
          <li
            key={attempt.id}
            class={attempt.status === 'success' ? 'good' : 'bad'}
            style={{ height: `${height(attempt.latency_ms)}%` }}
            title={outcomeText(attempt)}
          >
            <span class="unseen">{outcomeText(attempt)}</span>
          </li>
        ))}
      </ol>
      <p class="quiet small">
        Newest attempts, the oldest first. A higher bar took longer, up to {latencyText(longest)} (logarithmic scale).
      </p>
    </>
  );
}

function outcomeText({ status, http_status, latency_ms }: Attempt): string {
  return [status.replaceAll('_', ' '), http_status && `HTTP ${http_status}`, millisText(latency_ms)]
    .filter(Boolean)
    .join(', ');
}

function LastErrors({ errors }: Pick<RecentAttempts, 'errors'>) {
  return (
    <div class="card card-body stack-tight">
      <h2>Last errors</h2>
      <ul class="stack-tight">
        {errors.slice(0, SHOWN_ERRORS).map(({ message, count, last }) => (
          <li key={message} class="row apart">
            <span class="break">{message}</span>
            <span class="quiet small">
              {count === 1 ? 'once' : `${count} times`}, last <Moment at={last} distance />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
