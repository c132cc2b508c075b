import { hash } from 'node:crypto'
import { limits, type RequestMetadata } from '@longhaul/core'
import { z } from 'zod'
import { email, line, map } from './request-fields.ts'

const id = line.min(1).max(limits.fields.id)
const tags = z.array(z.string().max(limits.fields.tag)).max(limits.fields.tags).nullish()

export const Identity = z.object({
  id,
  display_name: z.string().max(limits.fields.fileName).nullish(),
  email: email.nullish(),
  metadata: z.array(map).max(limits.fields.tags).nullish(),
  logo_url: z.string().max(limits.fields.logoUrl).nullish(),
  tags,
})

export const Thread = z.object({ id, tags })

export const Memory = z.object({ entity_id: id })

export const kept =
  'Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs.'

export const keptIdentity =
  'Stored with the task, returned by GET, and usable as a filter of lists. Its `id` is the fairness key of the turn, unless the request has another one.'

/**
 * The metadata of a request about its caller and its run. It is stored with the task, returned, and used as a filter.
 */
export type CallerMetadata = {
  identity?: z.output<typeof Identity> | null | undefined
  thread?: z.output<typeof Thread> | null | undefined
  memory?: z.output<typeof Memory> | null | undefined
  metadata?: Record<string, unknown> | null | undefined
  conversation?: { _id: string } | null | undefined
}

/** The metadata in a request. A null value counts as absent. */
export function callerMetadataOf(request: CallerMetadata): CallerMetadata {
  const { identity, thread, memory, metadata, conversation } = request
  return {
    ...(identity != null && { identity }),
    ...(thread != null && { thread }),
    ...(memory != null && { memory }),
    ...(metadata != null && { metadata }),
    ...(conversation != null && { conversation }),
  }
}

/** The names of the filters, the most selective first. */
export const metadataFilters = [
  'thread_id',
  'conversation_id',
  'identity_id',
  'memory_entity_id',
  'tag',
] as const
type MetadataFilter = (typeof metadataFilters)[number]

/**
 * The labels under which a task with this metadata is indexed. Tags have no label: a task has many tags, and few tags
 * are distinct.
 */
export function labelsOf(metadata: CallerMetadata): string[] {
  const labels: string[] = []
  for (const name of metadataFilters) {
    if (name === 'tag') continue
    const value = valueOf(metadata, name)
    if (value !== undefined) labels.push(labelOf(name, value))
  }
  return labels
}

/** A long value is replaced by its hash. */
export function labelOf(name: MetadataFilter, value: string): string {
  return `${name}:${value.length > 64 ? hash('sha1', value) : value}`
}

/** Whether a task's metadata has a value under the name of a filter. */
export function hasMetadata(
  metadata: RequestMetadata,
  name: MetadataFilter,
  value: string,
): boolean {
  return valuesOf(metadata, name).includes(value)
}

function valuesOf(metadata: CallerMetadata, name: MetadataFilter): string[] {
  if (name === 'tag') return [...(metadata.thread?.tags ?? []), ...(metadata.identity?.tags ?? [])]
  const value = valueOf(metadata, name)
  return value === undefined ? [] : [value]
}

function valueOf(
  metadata: CallerMetadata,
  name: Exclude<MetadataFilter, 'tag'>,
): string | undefined {
  switch (name) {
    case 'thread_id':
      return metadata.thread?.id
    case 'conversation_id':
      return metadata.conversation?.['_id']
    case 'identity_id':
      return metadata.identity?.id
    case 'memory_entity_id':
      return metadata.memory?.entity_id
  }
}
