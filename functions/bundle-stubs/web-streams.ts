/** What middy asks a streamed answer for; ours are none. The real module takes longer to load than all of middy. */
export class ReadableStream {}
