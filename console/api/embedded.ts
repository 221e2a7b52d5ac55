/**
 * Whether the console is in a frame of another page. There it takes no cookie, since browsers keep cookies from such
 * frames, and since a page around it must not get at the session of a person: its session is a token in this page's memory.
 */
export const isEmbedded = window.self !== window.top;
