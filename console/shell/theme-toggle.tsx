import { useState } from 'preact/hooks';
import { chooseTheme, chosenTheme, THEMES, type Theme } from './theme.js';

const LABELS: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

export function ThemeToggle() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (event: Event) => {
    const chosen = (event.currentTarget as HTMLSelectElement).value as Theme;
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <select class="theme-choice" aria-label="Colours" value={theme} onChange={choose}>
      {THEMES.map((one) => (
        <option key={one} value={one}>
          {LABELS[one]}
        </option>
      ))}
    </select>
  );
}
