import guide from '../../../docs/integrate.md';
import type { DocumentName } from '../../runtime/published-documents.js';
import { openApiDocument } from './document.js';
import { renderPage } from './page.js';

/**
 * The documents that the API publishes about itself, as text. They are made when the functions are bundled and lie,
 * compressed, beside the API's bundle, so that no start of the API loads them.
 */
export function documents(): Record<DocumentName, string> {
  const document = openApiDocument();
  return { 'openapi.json': JSON.stringify(document), 'docs.html': renderPage(document), 'llms.txt': guide };
}
