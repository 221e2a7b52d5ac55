import { keep, kept } from './kept.js';

const KEY = 'punctual-theme';

export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** The theme chosen in this browser, by default the system's. */
export function chosenTheme(): Theme {
  const chosen = kept(KEY);
  return THEMES.find((theme) => theme === chosen) ?? 'system';
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function chooseTheme(theme: Theme): void {
  keep(KEY, theme);
  applyTheme(theme);
}
