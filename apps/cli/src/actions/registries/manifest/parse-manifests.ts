import { UsageError } from '../../../failure.ts'

export type KeyedManifest = Record<string, unknown> & { key: string }

/** The manifests of a file: one, a list, or several documents of YAML. JSON is YAML, too. */
export async function parseManifests(text: string, file: string): Promise<KeyedManifest[]> {
  const { parseAllDocuments } = await import('yaml')
  const documents = [...parseAllDocuments(text)]
  const items = documents.flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw new UsageError(`${file}: ${error.message}`)
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    return Array.isArray(value) ? (value as unknown[]) : [value]
  })
  const manifests = items.filter((item) => item !== null && item !== undefined)
  if (manifests.length === 0) throw new UsageError(`${file} is empty`)
  return manifests.map((item, at) => {
    const { key } = Object(item) as { key?: unknown }
    if (typeof key === 'string' && key !== '') return item as KeyedManifest
    throw new UsageError(`${file}: item ${at + 1} has no key`)
  })
}
