/**
 * What the console's pages may do: nothing but themselves and their own origin's API. The component library draws with
 * constructable style sheets, and its icons are a file of ours; no inline script or style is let through.
 */
export const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Files whose names carry a hash of their content, below the console's base: they never change. */
export const HASHED_FILES = 'assets/';
/** One year, which is as good as for ever. */
export const CACHE_HASHED = 'public, max-age=31536000, immutable';
/** index.html and whatever else keeps its name: asked for anew each time. */
export const CACHE_NAMED = 'no-cache';
