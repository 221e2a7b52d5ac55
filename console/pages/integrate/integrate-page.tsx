import { ApiProblem } from '../../api/problem.js';
import { useProject } from '../../api/project.js';
import { useLive } from '../../api/use-live.js';
import { CodeBlock } from '../../components/code-block.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemNotice } from '../../components/problem-notice.js';
import { Link } from '../../shell/link.js';
import { CopyButton } from './copy-button.js';
import './integrate.css';

/** The guide to paste into a coding agent, which integrates the service into an application by it. */
export function IntegratePage() {
  const { project } = useProject();
  const { data, error } = useLive('llms.txt', promptText, { everyMs: false });
  return (
    <div class="stack">
      <PageHeader title="Integrate">{data && <CopyButton text={data} label="Copy the prompt" />}</PageHeader>
      <ol class="card card-body stack-tight steps">
        <li>
          <p>
            Make a key for the application in <Link to={`/projects/${project.id}`}>Projects and keys</Link>, and put it
            into its environment as <code>PUNCTUAL_API_KEY</code>; not into the chat.
          </p>
        </li>
        <li>Copy the prompt below and paste it to your coding agent, in the application’s repository.</li>
        <li>
          It will ask for the address of this API: <CodeBlock label="Address of the API" text={location.origin} />
        </li>
      </ol>
      {error !== undefined && <ProblemNotice error={error} />}
      {data === undefined && error === undefined && <Loading />}
      {data && (
        <div class="prompt">
          <CodeBlock label="Prompt for a coding agent" text={data} />
        </div>
      )}
      <p class="quiet small">
        Every field, error and example is in the <a href="/docs/reference">API’s reference</a>, and as OpenAPI 3.1 at{' '}
        <a href="/openapi.json">/openapi.json</a>.
      </p>
    </div>
  );
}

async function promptText(signal: AbortSignal): Promise<string> {
  const response = await fetch('/llms.txt', { signal });
  if (!response.ok) throw new ApiProblem({ title: response.statusText, status: response.status });
  return response.text();
}
