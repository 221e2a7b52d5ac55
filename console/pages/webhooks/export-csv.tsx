import type { Api } from '../../api/client.js';
import { answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useAction } from '../../api/use-action.js';
import { ProblemNotice } from '../../components/problem-notice.js';

const PAGE_SIZE = 100;
/** 5,000 attempts; who needs more asks the API. */
const MOST_PAGES = 50;

/** Downloads what was sent to an endpoint, newest first. */
export function ExportCsv({ endpoint }: { readonly endpoint: string }) {
  const { api } = useProject();
  const { run, busy, problem } = useAction(async () => download(await allRows(api, endpoint), `${endpoint}.csv`));
  return (
    <div class="row">
      <ProblemNotice problem={problem} />
      <button type="button" class="button" disabled={busy} onClick={() => void run()}>
        Export CSV
      </button>
    </div>
  );
}

/** Page by page; each has its own line of heads. */
async function allRows(api: Api, endpoint_id: string): Promise<string> {
  let rows = '';
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = { query: { endpoint_id, cursor, page_size: PAGE_SIZE } };
    const asked = api.GET('/v1/deliveries', { params, headers: { accept: 'text/csv' }, parseAs: 'text' });
    const text = String(await answerOf(asked));
    rows += page === 0 ? text : text.slice(text.indexOf('\n') + 1);
    cursor = nextCursor((await asked).response);
    if (cursor === undefined) break;
  }
  return rows;
}

function nextCursor({ headers }: Response): string | undefined {
  const next = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return next && (new URL(next, location.origin).searchParams.get('cursor') ?? undefined);
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url));
}
