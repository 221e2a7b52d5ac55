import type { ComponentChildren } from 'preact';
import { AllChoice, type Choice, RowChoice } from './choice.js';
import './data-table.css';
import { useUndo } from './undo.js';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `main` takes the remaining width, `wide` is left out on narrow screens, `end` is right-aligned. */
  readonly kind?: 'main' | 'wide' | 'end';
}

interface DataTableProps<Row> {
  /** Label of the table for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** On a phone a row is two or three lines without the columns' heads. */
  readonly compact?: boolean;
  /** The rows that the user has chosen, by key; without it no row can be chosen. */
  readonly choice?: Choice | undefined;
}

/** A table. A click on a row opens its first link. On a phone each row becomes a block. */
export function DataTable<Row>({ label, columns, rows: all, keyOf, compact = false, choice }: DataTableProps<Row>) {
  const { gone } = useUndo();
  const rows = all.filter((row) => !gone.has(keyOf(row)));
  return (
    <table class={`data-table card ${compact ? 'compact' : ''}`} aria-label={label}>
      <thead>
        <tr>
          {choice && (
            <th class="choose" scope="col">
              <AllChoice choice={choice} keys={rows.map(keyOf)} />
            </th>
          )}
          {columns.map(({ head, kind = '' }) => (
            <th key={head} class={kind} scope="col">
              {head || <span class="unseen">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} onClick={openRow}>
            {choice && (
              <td class="choose">
                <RowChoice choice={choice} of={keyOf(row)} />
              </td>
            )}
            {columns.map(({ head, cell, kind = '' }) => (
              <td key={head} class={kind} data-head={head}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const OWN_CLICK = 'a, button, input, label, select, textarea, summary, wa-copy-button, wa-dialog';

/** Opens the row's first link, unless the click was for something else in the row, or chose text. */
function openRow(event: MouseEvent): void {
  const row = event.currentTarget as HTMLElement;
  const link = row.querySelector('a');
  if (!link || (event.target as Element).closest(OWN_CLICK) || getSelection()?.toString()) return;
  if (event.metaKey || event.ctrlKey) window.open(link.href);
  else link.click();
}
