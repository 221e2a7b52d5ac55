import { render } from 'preact';
import { LocationProvider } from 'preact-iso/router';
import { SessionProvider } from './api/session.js';
import './components/web-awesome.js';
import { BASE } from './shell/location.js';
import { Shell } from './shell/shell.js';
import { applyTheme, chosenTheme } from './shell/theme.js';
import './theme/tokens.css';
import './theme/web-awesome.css';
import './theme/base.css';
import './theme/controls.css';

applyTheme(chosenTheme());
render(
  <LocationProvider scope={BASE}>
    <SessionProvider>
      <Shell />
    </SessionProvider>
  </LocationProvider>,
  document.getElementById('console')!,
);
