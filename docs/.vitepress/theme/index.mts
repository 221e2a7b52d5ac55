// The reader's own fonts: nothing to load before the text is there.
export { default } from 'vitepress/theme-without-fonts';
