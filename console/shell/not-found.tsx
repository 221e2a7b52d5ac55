import { Link } from './link.js';
import { FIRST_PAGE } from './pages.js';

export function NotFound() {
  return (
    <div class="stack">
      <h1>There is no such page</h1>
      <p>
        <Link to={FIRST_PAGE}>Go to the first page</Link>
      </p>
    </div>
  );
}
