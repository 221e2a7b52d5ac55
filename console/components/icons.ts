import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import check from './icons/check.svg';
import copy from './icons/copy.svg';
import xmark from './icons/xmark.svg';

/** The icons of the components that we use. */
const ICONS: Readonly<Record<string, string>> = { check, copy, xmark };

/** Replaces the component library's icons, which are fetched from data: addresses that the policy refuses. */
registerIconLibrary('system', { resolver: (name) => ICONS[name] ?? xmark });
