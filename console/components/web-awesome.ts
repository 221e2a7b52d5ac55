import './icons.js';
import '@awesome.me/webawesome/dist/components/copy-button/copy-button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import type { CustomElements } from '@awesome.me/webawesome/dist/custom-elements-jsx.d.ts';

/** The component library's elements that the console uses. All of them are loaded in this file. */
type Used = Pick<CustomElements, 'wa-copy-button' | 'wa-dialog'>;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements extends Used {}
  }
}
