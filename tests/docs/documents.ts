import { globSync, readFileSync } from 'node:fs'

/** Every page of the documentation, by its path. */
export const documents = new Map(
  [
    'README.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'ARCHITECTURE.md',
    'packages/client/README.md',
    ...globSync('docs/**/*.md').toSorted(),
  ].map((file) => [file, readFileSync(file, 'utf8')]),
)

export function read(file: string): string {
  const text = documents.get(file)
  if (text === undefined) throw new Error(`there is no page ${file}`)
  return text
}

export type Block = { language: string; flags: string; code: string }

export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)(.*)\n([^]*?)^```$/gm)].map(
    ([, language = '', flags = '', code = '']) => ({ language, flags, code }),
  )
}

/** The code blocks of a language that are run as pasted. */
export function runnable(text: string, language: string): string[] {
  return blocksOf(text)
    .filter((block) => block.language === language && !block.flags.includes('no-run'))
    .map(({ code }) => code)
}

/** The text without its code blocks. Lines keep their numbers. */
export function withoutBlocks(text: string): string {
  return text.replaceAll(/^```\w*.*\n[^]*?^```$/gm, (block) => block.replaceAll(/.+/g, ''))
}

/** The text under a heading, down to the next heading of its level. */
export function section(text: string, heading: string): string {
  const start = `\n${text}`.indexOf(`\n## ${heading}\n`)
  if (start === -1) throw new Error(`there is no section "${heading}"`)
  const end = text.indexOf('\n## ', start + 1)
  return text.slice(start, end === -1 ? undefined : end)
}

/** The paths and anchors that a page links to, without web addresses. */
export function linksOf(text: string): { path: string; anchor: string | undefined }[] {
  const links = withoutBlocks(text).matchAll(/\]\(([^)#:\s]*)(?:#([^)\s]*))?\)/g)
  return [...links].map(([, path = '', anchor]) => ({ path, anchor }))
}

/** The anchors of a page, as GitHub derives them from its headings. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutBlocks(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-')
    const repeated = [...anchors].filter((each) => each.replace(/-\d+$/, '') === slug).length
    anchors.add(anchors.has(slug) ? `${slug}-${repeated}` : slug)
  }
  return anchors
}
