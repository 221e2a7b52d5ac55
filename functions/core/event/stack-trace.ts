/** The members under which frameworks put a trace into an error's JSON: its text, or its lines as a list. */
const MEMBER = /"(stack_?trace|trace_?back|stack|trace)"\s*:\s*(\[\s*)?(?=")/gi;
/** A string of JSON, which may be cut: of an answer a few KB are kept. Then what separates it from the next of a list. */
const TEXT = /"((?:[^"\\]|\\.)*)(?:"\s*(?:,\s*)?)?/y;
/** How a trace begins that is given as plain text. */
const PLAIN = /^Traceback \(most recent call last\):|^goroutine \d+ \[|^.+\n[ \t]+at \S|^#0 /m;

/** The stack trace in an answer: of its JSON, or else of its text. It is no longer than what was kept of the answer. */
export function stackTraceIn(answer: string): string | undefined {
  for (const { 0: whole, 1: name, 2: list, index } of answer.matchAll(MEMBER)) {
    const trace = stringsAt(answer, index + whole.length, list ? Infinity : 1).join('\n');
    // One line under these names may well be an id.
    const isTrace = trace.includes('\n') || !/^(stack|trace)$/i.test(name!);
    if (trace !== '' && isTrace) return trace;
  }
  const found = /^\s*[{[]/.test(answer) ? null : PLAIN.exec(answer);
  return found ? answer.slice(found.index).trimEnd() : undefined;
}

function stringsAt(json: string, start: number, most: number): string[] {
  const found: string[] = [];
  for (let at = start; found.length < most; ) {
    TEXT.lastIndex = at;
    const match = TEXT.exec(json);
    if (match === null) break;
    found.push(unescaped(match[1]!));
    at += match[0].length;
  }
  return found;
}

function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`);
  } catch {
    return inner; // cut within an escape, or no JSON after all
  }
}
