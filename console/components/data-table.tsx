import type { ComponentChildren } from 'preact';
import './data-table.css';

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
}

/** A table. On a narrow screen each row becomes a block, with the column's head beside each cell. */
export function DataTable<Row>({ label, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    <table class="data-table card" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ head, kind = '' }) => (
            <th key={head} class={kind} scope="col">
              {head || <span class="unseen">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
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
