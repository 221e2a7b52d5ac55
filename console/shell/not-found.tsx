import { PageHeader } from '../components/page-header.js';
import { Link } from './link.js';
import { FIRST_PAGE } from './pages.js';

export function NotFound() {
  return (
    <div class="stack">
      <PageHeader title="There is no such page" />
      <p>
        <Link to={FIRST_PAGE}>Go to the first page</Link>
      </p>
    </div>
  );
}
