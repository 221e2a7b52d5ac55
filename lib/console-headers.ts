/**
 * Content-Security-Policy of the console: only files and calls of its own origin. No inline script or style is allowed:
 * the component library uses constructable style sheets, and its icons are a file of ours.
 * @param portalOrigins of pages that may embed the console
 */
export function consolePolicy(portalOrigins: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    `frame-ancestors ${portalOrigins.join(' ') || "'none'"}`,
    "base-uri 'none'",
  ].join('; ');
}

/**
 * Content-Security-Policy of the documentation: scripts of its own origin alone, as the console's. Its code blocks are
 * coloured by `style` attributes, and the reference of the API has inline styles; its icons are `data:` images.
 */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Folder of files whose names carry a hash of their content, below the console's base: such files never change. */
export const HASHED_FILES = 'assets/';
/** One year: a hashed file never changes. */
export const CACHE_HASHED = 'public, max-age=31536000, immutable';
/** For index.html and other files without a hash: the browser revalidates them each time. */
export const CACHE_NAMED = 'no-cache';
