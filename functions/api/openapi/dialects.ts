import { document as cronService } from '../dialects/cron-service/document.js';
import { document as dispatch } from '../dialects/dispatch/document.js';
import type { DialectDocument } from '../http/dialect.js';

/** Each dialect's part of the document, by the dialect's name. */
const documents = { 'cron-service': cronService, dispatch } as const;

type Documents = (typeof documents)[keyof typeof documents];
type KeysOf<Each> = Each extends unknown ? Extract<keyof Each, string> : never;
/** Names of the dialects' components. */
export type DialectComponent = KeysOf<Documents['components']>;

export const dialectDocuments: Readonly<Record<string, DialectDocument>> = documents;

/** One part of all dialects' documents, merged. */
export function ofDialects<Part extends 'components' | 'operations' | 'headers' | 'arrivals' | 'notes' | 'formats'>(
  part: Part,
): DialectDocument[Part] {
  return Object.assign({}, ...Object.values(dialectDocuments).map((document) => document[part]));
}
