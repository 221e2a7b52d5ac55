import { PAGES, pastePages } from './as-pasted.js';

describe('As pasted into zsh', () => pastePages('zsh', PAGES));
