import { DecryptionError, type Encryption, keyIdOf } from '../../primitives/encryption.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import type { Failed } from './sweep-ports.js';

/** How far a change of the master secret has come. */
export interface Rotation {
  /** Id of the key of the current master secret. */
  readonly keyId: string;
  /** From this moment on nothing is encrypted with an older master secret (Unix milliseconds). */
  readonly settledAt: number;
  /** There is no older master secret. */
  readonly isFirst: boolean;
}

/** A row that holds texts which were encrypted for its `id`. */
export interface SealedRow {
  readonly id: string;
  readonly version: number;
  /** The attributes that hold such texts, in themselves, in lists or in objects. */
  readonly sealed: Readonly<Record<string, unknown>>;
}

/** A page of the walk through all rows that hold encrypted texts, and where the next one begins. */
export interface SealedPage<Row extends SealedRow> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

export interface SealedRows<Row extends SealedRow = SealedRow> {
  page(after: string | undefined): Promise<SealedPage<Row>>;
  /** Strongly consistent. */
  again(row: Row): Promise<Row | undefined>;
  /** Replaces these attributes if the row still has its version, which is raised. */
  replace(row: Row, sealed: SealedRow['sealed']): Promise<boolean>;
  progress(): Promise<ReEncryption | undefined>;
  /** Replaces the progress of the version before, or puts the first one. */
  putProgress(progress: ReEncryption): Promise<boolean>;
}

/** How far all rows were encrypted anew with this key. */
export interface ReEncryption {
  readonly version: number;
  readonly key: string;
  readonly isOver: boolean;
  readonly after?: string;
}

export interface ReEncryptionPorts {
  readonly secrets: Encryption & { rotation(): Promise<Rotation> };
  readonly sealedRows: SealedRows;
  readonly clock: { now(): number };
  onFailure(what: Failed, error: unknown): void;
}

const AT_ONCE = 10;

/**
 * After a change of the master secret, encrypts anew what an older one encrypted, a page at a time: the next change
 * takes the older one away. It begins when nothing is encrypted with the older one any more, so that one walk finds all.
 * After a death one page is done again.
 * @param isTimeUp is asked between pages
 * @returns whether the current master secret alone is needed from now on
 */
export async function reEncrypt(
  ports: ReEncryptionPorts,
  isTimeUp: () => boolean,
): Promise<{ readonly key: string; readonly isOver: boolean }> {
  const { keyId: key, settledAt, isFirst } = await ports.secrets.rotation();
  if (isFirst) return { key, isOver: true };
  const last = await ports.sealedRows.progress();
  const isSame = last?.key === key;
  if (isSame && last.isOver) return { key, isOver: true };
  if (ports.clock.now() < settledAt) return { key, isOver: false };
  let progress: ReEncryption = isSame ? last : { version: last?.version ?? 0, key, isOver: false };
  while (!progress.isOver && !isTimeUp()) {
    const { rows, next } = await ports.sealedRows.page(progress.after);
    await mapBounded(rows, AT_ONCE, (row) => renew(ports, row, key));
    const { after: _done, version, ...same } = progress;
    progress = {
      ...same,
      version: version + 1,
      isOver: next === undefined,
      ...(next !== undefined && { after: next }),
    };
    if (!(await ports.sealedRows.putProgress(progress))) return { key, isOver: false }; // another one is at work
  }
  return { key, isOver: progress.isOver };
}

async function renew({ secrets, sealedRows, onFailure }: ReEncryptionPorts, found: SealedRow, key: string) {
  for (let row: SealedRow | undefined = found; row !== undefined; row = await sealedRows.again(row)) {
    const { id, sealed } = row;
    try {
      const renewed = await renewedIn(sealed, async (text) =>
        keyIdOf(text) === key ? text : secrets.encrypt(await secrets.decrypt(text, id), id),
      );
      if (JSON.stringify(renewed) === JSON.stringify(sealed)) return;
      if (await sealedRows.replace(row, renewed as SealedRow['sealed'])) return;
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      // No later try can decrypt it either. A person must give the object a new secret.
      return onFailure({ row: id }, error);
    }
  }
}

/** The value, with every encrypted text in it replaced. */
async function renewedIn(value: unknown, renewed: (text: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return renewed(value);
  if (Array.isArray(value)) return Promise.all(value.map((each) => renewedIn(each, renewed)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([name, each]) => [name, await renewedIn(each, renewed)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
