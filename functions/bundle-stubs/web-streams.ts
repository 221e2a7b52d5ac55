/**
 * middy looks for this class in streamed answers; ours are not streamed. The real module loads slower than all of
 * middy.
 */
export class ReadableStream {}
