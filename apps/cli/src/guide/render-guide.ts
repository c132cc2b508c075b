import { commands, nouns } from '../commands/index.ts'
import { globalOptions } from '../commands/options.ts'
import type { CommandSpec, OptionSpec } from '../spec.ts'

/** The page of the documentation, generated from the commands. */
export function renderGuide(): string {
  const groups = Map.groupBy(commands, ({ name }) => name.split(' ')[0] ?? '')
  const sections = [...groups].map(([noun, specs]) => sectionOf(noun, specs))
  return [...introduction, ...sections.flat(), ''].join('\n')
}

function sectionOf(noun: string, specs: CommandSpec[]): string[] {
  const single = specs.length === 1 && specs[0]?.name === noun
  const about = nouns[noun]
  return [
    '',
    `## ${noun}`,
    ...(single || about === undefined ? [] : ['', `${about}.`]),
    ...specs.flatMap((spec) => commandOf(spec, single)),
  ]
}

function commandOf(spec: CommandSpec, single: boolean): string[] {
  const { name, summary, details, args = [], options = [], examples } = spec
  const usage = [name, ...args.map((arg) => arg.name)].join(' ')
  const rows = [
    ...args.map((arg) => [arg.name, arg.about] as const),
    ...options.map((option) => [option.flags, aboutOption(option)] as const),
  ]
  return [
    ...(single ? [] : ['', `### ${name}`]),
    '',
    `\`longhaul ${usage}\`: ${wrap(`${summary}. ${details ?? ''}`.trim(), name.length)}`,
    ...(rows.length === 0
      ? []
      : ['', '| argument, option | meaning |', '| --- | --- |', ...rows.map(rowOf)]),
    ...examples.flatMap(({ line, about }) => ['', about, '', '```sh', line, '```']),
  ]
}

function rowOf([name, about]: readonly [string, string]): string {
  return `| \`${name}\` | ${about} |`
}

function aboutOption({ about, choices }: OptionSpec): string {
  return choices === undefined
    ? about
    : `${about}: ${choices.map((each) => `\`${each}\``).join(', ')}`
}

/** Breaks a text at 110 characters. */
function wrap(text: string, used: number): string {
  let width = used
  return text
    .split(' ')
    .map((word, at) => {
      width += word.length + 1
      if (at > 0 && width > 105) {
        width = word.length
        return `\n${word}`
      }
      return at === 0 ? word : ` ${word}`
    })
    .join('')
}

const introduction = [
  '# The command line',
  '',
  'This page is generated from the commands: `node apps/cli/src/guide/print-guide.ts`.',
  '',
  'Run `./longhaul` in the checkout, or `npm run -s longhaul --` in front of the words. The checkout needs no installation',
  'besides Node 20; the command runs on the pinned Node. The examples call it `longhaul`.',
  '',
  '- Beside `npm start` it needs no settings. Otherwise it finds the server in this order: `--url` and `--key`;',
  '  `LONGHAUL_URL`, `LONGHAUL_API_KEY` and `LONGHAUL_OPERATOR_KEY`; a profile of `longhaul login`; what `npm start`',
  '  started. A key in a file is sent only to the address in the same file.',
  '- Data goes to stdout, everything else to stderr. `--json` prints JSON, and one value in each line while it follows',
  '  something. The fields are those of the API.',
  '- It asks only on a terminal, and never with `--yes` or `CI`. `NO_COLOR` turns colours off.',
  '- A pipe that closes early is no failure.',
  '',
  '| exit code | meaning |',
  '| --- | --- |',
  '| 0 | it is done |',
  '| 1 | it failed; a task that `run`, `tasks get --wait` or `tasks watch` shows has failed |',
  '| 2 | the arguments are wrong, or the server refused a field |',
  '| 3 | the key is missing or wrong |',
  '| 4 | there is no such thing |',
  '| 5 | the time was over: `--timeout`, or the server did not reply |',
  '| 130 | Ctrl-C |',
  '',
  '| option of every command | meaning |',
  '| --- | --- |',
  ...globalOptions.map(({ flags, about }) => `| \`${flags}\` | ${about} |`),
  '',
  '## First steps',
  '',
  'From a fresh clone to a finished task, an approval and a redrive. `npm start` runs in its own shell, and these commands in',
  'a second one, as `./longhaul`. The second agent names a model that does not exist, so its task fails; a redrive',
  'continues it from the step where it stopped.',
  '',
  '```sh',
  'longhaul run demo "What is the date today?"',
  "longhaul agents apply -f - <<'EOF'",
  'key: calendar',
  'role: Calendar',
  'description: Answers questions.',
  'instructions: Answer in one sentence.',
  'path: Default',
  'model: demo/simulated',
  'settings: { tools: [{ type: current_date, requires_approval: true }] }',
  '---',
  'key: broken',
  'role: Broken',
  'description: Fails.',
  'instructions: Fail.',
  'path: Default',
  'model: demo/no-such-model',
  'settings: {}',
  'EOF',
  'TASK=$(longhaul run calendar "What is the date today?" --background)',
  'longhaul reviews approve $TASK',
  'longhaul tasks get $TASK --wait',
  'TASK=$(longhaul run broken "Hello" --background)',
  'longhaul tasks get $TASK --wait || longhaul tasks redrive $TASK',
  'longhaul tasks get $TASK',
  '```',
]
