import { useRef, useState } from 'preact/hooks';
import { type Api, answerOf } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { useAction } from '../../api/use-action.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { csvPages } from './csv-pages.js';

const PAGE_SIZE = 100;

/** Downloads all attempts of an endpoint, newest first. A stopped or failed export downloads its part and says so. */
export function ExportCsv({ endpoint }: { readonly endpoint: string }) {
  const { api } = useProject();
  const [rows, setRows] = useState(0);
  const [isPart, setIsPart] = useState(false);
  const stopped = useRef(false);
  const { run, busy, problem } = useAction(async () => {
    const texts: string[] = [];
    let isWhole = false;
    stopped.current = false;
    setRows(0);
    try {
      for await (const page of csvPages((cursor) => pageAt(api, endpoint, cursor))) {
        if (stopped.current) return;
        texts.push(page.text);
        setRows(page.rows);
      }
      isWhole = true;
    } finally {
      setIsPart(!isWhole);
      if (texts.length > 0) download(texts, `${endpoint}.csv`);
    }
  });
  const stop = () => {
    stopped.current = true;
  };
  return (
    <div class="row">
      <ProblemNotice problem={problem} />
      <span class="quiet small" role="status">
        {busy && `${rows} rows …`}
        {!busy && isPart && `Not all of it: the newest ${rows} rows.`}
      </span>
      <button type="button" class="button" onClick={() => (busy ? stop() : void run())}>
        {busy ? 'Stop' : 'Export CSV'}
      </button>
    </div>
  );
}

async function pageAt(api: Api, endpoint_id: string, cursor: string | undefined) {
  const params = { query: { endpoint_id, cursor, page_size: PAGE_SIZE } };
  const asked = api.GET('/v1/deliveries', { params, headers: { accept: 'text/csv' }, parseAs: 'text' });
  const text = String(await answerOf(asked));
  return { text, link: (await asked).response.headers.get('link') };
}

function download(texts: string[], name: string): void {
  const url = URL.createObjectURL(new Blob(texts, { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url));
}
