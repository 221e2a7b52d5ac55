import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from '../support/page-examples.js';
import { answers } from './client.js';
import { ownFolder, PROGRAMS, run } from './in-folder.js';
import type { Sdk } from './sdk.js';

const SOURCES = join(__dirname, '../../clients/go');
const MODULE = 'punctual.example/punctual';
const FOLDER = 'sdk-go';

const go =
  (...args: string[]) =>
  (env: Readonly<Record<string, string>>) =>
    run('go', args, { cwd: ownFolder(FOLDER), env: { GOFLAGS: '-mod=mod', ...env } });

export const goSdk: Sdk = {
  name: 'clients/go',
  whatIsMissing: () => (answers('go', 'version') ? undefined : 'there is no Go here'),
  kinds: ['go'],
  async install() {
    const cwd = ownFolder(FOLDER);
    rmSync(cwd, { recursive: true });
    for (const name of ['behaviour', 'every_method', 'doubles']) {
      mkdirSync(join(cwd, name.replace('_', '-')), { recursive: true });
      copyFileSync(join(PROGRAMS, `${name}.go`), join(cwd, name.replace('_', '-'), 'main.go'));
    }
    for (const [name, code] of Object.entries(examples())) {
      mkdirSync(join(cwd, name));
      writeFileSync(join(cwd, name, 'main.go'), code);
    }
    await go('mod', 'init', 'application')({});
    await go('mod', 'edit', '-replace', `${MODULE}=${SOURCES}`)({});
    await go('mod', 'tidy')({});
    await go('vet', './...', `${MODULE}/...`)({});
    return cwd;
  },
  behave: (_, file) => go('run', './behaviour', file)({}),
  run: (program, env) => go('run', `./${program}`)(env),
};

function examples(): Record<string, string> {
  const blocks = pageOf('sdk-go.md').blocks('go');
  const [receive, double] = ['punctual.Verify(', 'NewDouble()'].map((mark) =>
    blocks.findIndex((code) => code.includes(mark)),
  );
  return {
    calls: program(['errors', 'fmt', 'os', 'time', MODULE], blocks.slice(0, receive).join('\n')),
    receive: program(
      ['fmt', 'net/http', 'net/http/httptest', 'os', 'strings', 'io', MODULE, `${MODULE}/punctualtest`],
      blocks[receive!]! + SEND,
    ),
    double: program(['fmt', MODULE, `${MODULE}/punctualtest`], `${blocks[double!]}\n_ = signed`),
  };
}

const program = (imports: readonly string[], body: string): string => `package main

import (
${['context', ...imports].map((name) => `\t"${name}"`).join('\n')}
)

func example(ctx context.Context) error {
${body}
	return nil
}

func main() {
	if err := example(context.Background()); err != nil {
		panic(err)
	}
}
`;

/** Sends the receiver a good call, and one whose body was changed. */
const SEND = `
	statuses := []any{}
	for _, body := range []string{"", "changed"} {
		request := punctualtest.SignedRequest("/hooks", map[string]string{"a": "ü"}, secrets[0])
		if body != "" {
			request.Body = io.NopCloser(strings.NewReader(body))
		}
		recorder := httptest.NewRecorder()
		http.DefaultServeMux.ServeHTTP(recorder, request)
		statuses = append(statuses, recorder.Code)
	}
	fmt.Println(statuses...)
`;
