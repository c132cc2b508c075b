import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { isMain } from './is-main.ts'
import { readSourceFiles, root } from './source-files.ts'

/** The glossary of ARCHITECTURE.md: terms of the product, and ordinary words that need no explanation. */
export type Glossary = { terms: Set<string>; ordinary: Set<string> }

export function readGlossary(text = readFileSync(`${root}ARCHITECTURE.md`, 'utf8')): Glossary {
  const [, section = ''] = /^## Words\n(.*?)(?=^## )/ms.exec(text) ?? []
  const [terms = '', ordinary = ''] = section.split(/^### Ordinary words\n/m)
  const bold = [...terms.matchAll(/^\| \*\*(.+?)\*\*/gm)].map(([, term = '']) => term)
  return {
    terms: new Set(bold.flatMap((term) => term.toLowerCase().split(/[^a-z0-9]+/)).map(singular)),
    ordinary: new Set(ordinary.match(/[a-z0-9]+/g)?.map(singular)),
  }
}

/** The words of file names that the glossary lacks, each with the files that use it. */
export function missingWords(
  paths: Iterable<string>,
  { terms, ordinary }: Glossary,
): Record<string, string[]> {
  const used = [...paths].flatMap((path) => wordsOf(path).map((word) => ({ word, path })))
  const missing = used.filter(({ word }) => !terms.has(word) && !ordinary.has(word))
  const byWord = Object.groupBy(missing, ({ word }) => word)
  return Object.fromEntries(
    Object.entries(byWord).map(([word, uses = []]) => [word, uses.map(({ path }) => path)]),
  )
}

/** The words of a file's name: `chat-requests.long.test.ts` has `chat` and `request`. */
export function wordsOf(path: string): string[] {
  const [name = ''] = posix.basename(path).split(/(?:\.(?:test|fixture|long|d))*\.\w+$/)
  return name.split(/[-.]/).map(singular)
}

function singular(word: string): string {
  if (/(?:ss|us|is|^as|^has|^was)$/.test(word)) return word
  if (/(?:ch|sh|ss|x)es$/.test(word)) return word.slice(0, -2)
  return /\wies$/.test(word) ? `${word.slice(0, -3)}y` : word.replace(/s$/, '')
}

// `node tests/structure/glossary.ts` prints the missing words, and the words that no file uses any more.
if (isMain(import.meta.url)) {
  const [paths, glossary] = [[...readSourceFiles().keys()], readGlossary()]
  const used = new Set(paths.flatMap(wordsOf))
  const missing = Object.entries(missingWords(paths, glossary))
  const lines = missing.map(([word, files]) => `${word}: ${files.slice(0, 3).join(', ')}`)
  const unused = [...glossary.ordinary].filter((word) => !used.has(word))
  process.stdout.write(
    `Missing:\n${lines.toSorted().join('\n')}\n\nUnused:\n${unused.toSorted().join(' ')}\n`,
  )
}
