import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageOf } from '../support/page-examples.js';
import { runCommand, testWith } from '../support/run-command.js';

/** A Go or Java that has compiled nothing yet takes its time. */
const PATIENCE_MS = 150_000;
const SECRET = 'whsec_YSBzZWNyZXQ=';
const BODY = '{"a": "ü"}';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Call {
  readonly id: string;
  readonly at: string;
  readonly signatures: string;
  readonly body: string;
}

function signed(at = Math.floor(Date.now() / 1000)): Call {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const digest = createHmac('sha256', key).update(`run_1.${at}.${BODY}`).digest('base64');
  return { id: 'run_1', at: String(at), signatures: `v1,${digest}`, body: BODY };
}

const other = `v1,${Buffer.alloc(32).toString('base64')}`;
/** A call, and whether it is genuine. */
const CALLS: readonly (readonly [Call, boolean])[] = [
  [signed(), true],
  [{ ...signed(), signatures: `${other} ${signed().signatures}` }, true],
  [{ ...signed(), body: '{"a":"ü"}' }, false],
  [{ ...signed(), id: 'run_2' }, false],
  [{ ...signed(), signatures: other }, false],
  [{ ...signed(), signatures: '' }, false],
  [signed(Math.floor(Date.now() / 1000) - 400), false],
  [{ ...signed(), at: 'soon' }, false],
];

/** The page's function beside a program that hands it each call, which the arguments have, and prints each verdict. */
async function verdicts(files: Readonly<Record<string, string>>, ...commands: readonly string[][]): Promise<string[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'receivers-'));
  folders.push(cwd);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const calls = CALLS.flatMap(([{ id, at, signatures, body }]) => [id, at, signatures, body]);
  let printed = '';
  for (const [index, [command, ...args]] of commands.entries()) {
    const last = index === commands.length - 1;
    printed = await runCommand(command!, [...args, ...(last ? [SECRET, ...calls] : [])], { cwd });
  }
  return printed.trim().split('\n');
}

const EXPECTED = CALLS.map(([, genuine]) => String(genuine));
const [node, python, go, ruby, php, java] = ['js', 'python', 'go', 'ruby', 'php', 'java'].map(
  (language) => pageOf('guides/verify-signature.md').blocks(language)[0]!,
);

test('Node', async () => {
  const program = `${node}
const [secret, ...rest] = process.argv.slice(2);
for (let i = 0; i < rest.length; i += 4)
  console.log(isGenuine(secret, { 'webhook-id': rest[i], 'webhook-timestamp': rest[i + 1], 'webhook-signature': rest[i + 2] }, Buffer.from(rest[i + 3])));
`;
  expect(await verdicts({ 'main.mjs': program }, [process.execPath, 'main.mjs'])).toEqual(EXPECTED);
});

testWith('python3', '--version')('Python', async () => {
  const program = `${python}
import sys
secret, rest = sys.argv[1], sys.argv[2:]
for i in range(0, len(rest), 4):
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    print(str(is_genuine(secret, dict(zip(names, rest[i:i + 3])), rest[i + 3].encode())).lower())
`;
  expect(await verdicts({ 'main.py': program }, ['python3', 'main.py'])).toEqual(EXPECTED);
});

testWith('go', 'version')(
  'Go',
  async () => {
    const program = `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	secret, rest := os.Args[1], os.Args[2:]
	for i := 0; i < len(rest); i += 4 {
		header := http.Header{}
		header.Set("webhook-id", rest[i])
		header.Set("webhook-timestamp", rest[i+1])
		header.Set("webhook-signature", rest[i+2])
		fmt.Println(IsGenuine(secret, header, []byte(rest[i+3])))
	}
}
`;
    const files = { 'go.mod': 'module receiver\n\ngo 1.21\n', 'verify.go': go!, 'main.go': program };
    expect(await verdicts(files, ['go', 'run', '.'])).toEqual(EXPECTED);
  },
  PATIENCE_MS,
);

testWith('ruby', '--version')('Ruby', async () => {
  const program = `${ruby}
secret, *rest = ARGV
rest.each_slice(4) do |id, at, signatures, body|
  puts genuine?(secret, { 'webhook-id' => id, 'webhook-timestamp' => at, 'webhook-signature' => signatures }, body)
end
`;
  expect(await verdicts({ 'main.rb': program }, ['ruby', 'main.rb'])).toEqual(EXPECTED);
});

testWith('php', '--version')('PHP', async () => {
  const program = `${php}
foreach (array_chunk(array_slice($argv, 2), 4) as [$id, $at, $signatures, $body]) {
    $headers = ['webhook-id' => $id, 'webhook-timestamp' => $at, 'webhook-signature' => $signatures];
    echo is_genuine($argv[1], $headers, $body) ? 'true' : 'false', "\\n";
}
`;
  expect(await verdicts({ 'main.php': program }, ['php', 'main.php'])).toEqual(EXPECTED);
});

testWith('javac', '-version')(
  'Java',
  async () => {
    const program = `import java.util.Map;

public final class Main {
    public static void main(String[] args) throws Exception {
        for (int i = 1; i < args.length; i += 4) {
            var headers = Map.of("webhook-id", args[i], "webhook-timestamp", args[i + 1], "webhook-signature", args[i + 2]);
            System.out.println(Signature.isGenuine(args[0], headers, args[i + 3].getBytes("UTF-8")));
        }
    }
}
`;
    // The machine's own encoding may not have the body's letters.
    const run = ['java', '-Dsun.jnu.encoding=UTF-8', '-Dfile.encoding=UTF-8', 'Main'];
    const files = { 'Signature.java': java!, 'Main.java': program };
    expect(await verdicts(files, ['javac', 'Signature.java', 'Main.java'], run)).toEqual(EXPECTED);
  },
  PATIENCE_MS,
);

testWith('python3', '--version')('a call that arrives twice is received once', async () => {
  const program = `${pageOf('guides/receive-once.md').blocks('python')[0]}
for _ in range(2):
    print(receive({"webhook-id": "run_1"}, '{"invoice": "inv_1"}'))
try:
    receive({"webhook-id": "run_2"}, '{}')
except KeyError:
    pass
print(database.execute("SELECT count(*) FROM payments").fetchone()[0], database.execute("SELECT count(*) FROM calls").fetchone()[0])
`;
  const cwd = mkdtempSync(join(tmpdir(), 'receivers-'));
  folders.push(cwd);
  writeFileSync(join(cwd, 'main.py'), program);
  expect(await runCommand('python3', ['main.py'], { cwd })).toBe('200\n200\n1 1\n');
});
