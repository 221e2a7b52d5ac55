/** Bundled as text: a page of docs/, and the style of our own page. */
declare module '*.md' {
  const text: string;
  export default text;
}

declare module '*.css' {
  const text: string;
  export default text;
}
