import type { Found } from './found.js';
import { byId } from './found.js';

const KEPT = 8;

/** The objects whose pages were open last, the newest first. They are kept in memory alone: a browser may be shared. */
const recent = new Map<string, readonly Found[]>();

export const recentIn = (project: string): readonly Found[] => recent.get(project) ?? [];

/** Notes the page of an object; `title` is the page's title. */
export function noteRecent(project: string, path: string, title: string): void {
  const found = byId(path.split('/')[2] ?? '');
  // The page of the object itself, and not one that changes it.
  if (found?.path !== path) return;
  const note = { ...found, text: title, note: found.text };
  recent.set(project, [note, ...recentIn(project).filter((one) => one.path !== note.path)].slice(0, KEPT));
}
