import { Argument, type Command } from 'commander';

/** A place in the tree of commands: what may be typed next there. */
interface Place {
  /** The names of the commands on the way, each after a space: '', ' schedule', ' schedule list'. */
  readonly at: string;
  readonly next: readonly { readonly word: string; readonly description: string }[];
}

const SCRIPTS = { bash, zsh, fish } as const;
type Shell = keyof typeof SCRIPTS;

export function completionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a script by which a shell completes commands and options: eval "$(punctual completion bash)"')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => void process.stdout.write(SCRIPTS[shell](placesOf(program))));
}

function placesOf(command: Command, at = ''): Place[] {
  const commands = command.commands.map((one) => ({ word: one.name(), description: one.description() }));
  const options = command.options.map(({ long, description }) => ({ word: long!, description }));
  const values = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, description })),
  );
  const next = [...commands, ...values, ...options, { word: '--help', description: 'show this help' }];
  return [{ at, next }, ...command.commands.flatMap((one) => placesOf(one, `${at} ${one.name()}`))];
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const PATHS = (places: readonly Place[], separator: string) =>
  places.flatMap(({ at }) => (at === '' ? [] : [quoted(at)])).join(separator);

/** Files are completed where no word fits. */
function bash(places: readonly Place[]): string {
  const cases = places.map(
    ({ at, next }) => `    ${quoted(at)}) words=${quoted(next.map((it) => it.word).join(' '))} ;;`,
  );
  return `_punctual() {
  local at='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in ${PATHS(places, ' | ')}) at="$at $word" ;; esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _punctual punctual
`;
}

function zsh(places: readonly Place[]): string {
  const cases = places.map(({ at, next }) => {
    const words = next.map(({ word, description }) => quoted(`${word}:${description}`));
    return `    ${quoted(at)}) next=(${words.join(' ')}) ;;`;
  });
  return `#compdef punctual
_punctual() {
  local at='' word
  local -a next
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in ${PATHS(places, ' | ')}) at="$at $word" ;; esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  _describe punctual next || _files
}
compdef _punctual punctual
`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ at, next }) =>
    next.map(({ word, description }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c punctual -n "__punctual_at '${at}'" ${what} -d ${fishQuoted(description)}`;
    }),
  );
  return `function __punctual_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    contains -- "$at $word" ${PATHS(places, ' ')}; and set at "$at $word"
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

const fishQuoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
