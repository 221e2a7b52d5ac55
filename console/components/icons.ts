import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import sprite from './icons.svg';

/** In place of the component library's own icons, which are fetched from data: addresses that the policy refuses. */
registerIconLibrary('system', { resolver: (name) => `${sprite}#${name}`, spriteSheet: true });
