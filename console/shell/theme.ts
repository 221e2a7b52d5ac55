const KEY = 'punctual-theme';

export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** The theme chosen on this device, by default the system's. A browser may keep storage from an embedded page. */
export function chosenTheme(): Theme {
  const kept = stored(() => localStorage.getItem(KEY));
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

function stored<Value>(access: () => Value): Value | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function chooseTheme(theme: Theme): void {
  stored(() => localStorage.setItem(KEY, theme));
  applyTheme(theme);
}
