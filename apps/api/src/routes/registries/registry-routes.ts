import type { Page, PageRequest } from '@longhaul/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { ErrorPaths } from '../../dialects/shared/error-paths.ts'
import { pageBody, PageQuery, pageReply, parsePage } from '../../dialects/shared/page.ts'
import { json } from '../../reply-doc.ts'
import type { Call, ReplyDoc, Route, RouteDoc } from '../../route.ts'

/** The definition of a registry, from which its routes are made. */
export type Registry<Item, Create extends z.ZodType, Update extends z.ZodType> = {
  path: string
  /** The path parameter with the id or the key of an item. */
  parameter: string
  words: Words
  /** Whether unknown fields that other systems support are refused. */
  refusesUnsupported?: true
  errorPaths: ErrorPaths
  reply: z.ZodType
  body: (item: Item, workspace: string) => object

  verbs: (deps: Deps) => {
    get(workspace: string, ref: string): Promise<Item>
    list(workspace: string, page: PageRequest): Promise<Page<Item>>
    remove(workspace: string, ref: string): Promise<void>
  }
  create: {
    body: Create
    run(deps: Deps, workspace: string, body: z.output<Create>): Promise<Item>
    status: 200 | 201
    reply: string
    description?: string
  }
  list: {
    isId: (cursor: string) => boolean
    query?: z.ZodObject
    /** Whether no item can match the query. */
    isEmpty?: (query: URLSearchParams) => boolean
    /** The format of items in a list, if it differs from that of a single item. */
    page?: z.ZodType
    item?: (item: Item, workspace: string) => object
  }
  update: {
    body: Update
    run(deps: Deps, ref: { workspace: string; id: string }, body: z.output<Update>): Promise<Item>
    reply: string
    description: string
    conflict: string
  }
  remove: {
    description?: string
    query?: z.ZodObject
    replies?: Record<number, ReplyDoc>
    /** Replaces `verbs.remove`. */
    run?(deps: Deps, call: Pick<Call, 'workspace' | 'query'> & { id: string }): Promise<void>
  }
}

/** The names of an item in operations and descriptions. */
type Words = {
  tag: RouteDoc['tag']
  /** As in `createTool` and `listTools`. */
  operationNames: { one: string; many: string }
  /** The name with its article, in the plural, and in replies. */
  item: string
  items: string
  short: string
}

/** The routes of a registry: create, list, read, update and delete. */
export function registryRoutes<Item, Create extends z.ZodType, Update extends z.ZodType>(
  registry: Registry<Item, Create, Update>,
): Route[] {
  return [
    createRoute(registry),
    listRoute(registry),
    readRoute(registry),
    updateRoute(registry),
    removeRoute(registry),
  ]
}

function createRoute<Item, Create extends z.ZodType>(
  registry: Registry<Item, Create, z.ZodType>,
): Route<Create> {
  const { path, words, refusesUnsupported, errorPaths, create } = registry
  return {
    method: 'post',
    path,
    body: create.body,
    ...(refusesUnsupported && { refusesUnsupported }),
    errorPaths,
    doc: {
      operationId: `create${words.operationNames.one}`,
      tag: words.tag,
      summary: `Create ${words.item}`,
      ...(create.description !== undefined && { description: create.description }),
      replies: { [create.status]: json(create.reply, registry.reply) },
      errors: { 409: 'The key is in use.' },
    },
    async handle({ workspace, body }, deps) {
      const item = await create.run(deps, workspace, body)
      return { status: create.status, body: registry.body(item, workspace) }
    },
  }
}

function listRoute<Item>(registry: Registry<Item, z.ZodType, z.ZodType>): Route {
  const { path, words, verbs, reply, body, list } = registry
  const { item = body, isEmpty = () => false } = list
  return {
    method: 'get',
    path,
    doc: {
      operationId: `list${words.operationNames.many}`,
      tag: words.tag,
      summary: `List ${words.items}`,
      description: listDescription,
      query: list.query ?? PageQuery,
      replies: { 200: json(`A page of ${words.short}s.`, list.page ?? pageReply(reply)) },
    },
    async handle({ workspace, query }, deps) {
      const empty = isEmpty(query)
      const request = parsePage(query, (cursor) => (list.isId(cursor) ? cursor : undefined))
      const page = empty ? { items: [], more: false } : await verbs(deps).list(workspace, request)
      return { status: 200, large: true, body: pageBody(page, (each) => item(each, workspace)) }
    },
  }
}

export const listDescription =
  'Lists items from the newest to the oldest. Without `limit` the page has all items. A page ends early at 8 MB. If `has_more` is true, pass the id of the last item as `starting_after` for the next page.'

function readRoute<Item>(registry: Registry<Item, z.ZodType, z.ZodType>): Route {
  const { path, parameter, words, verbs, reply, body } = registry
  return {
    method: 'get',
    path: `${path}/:${parameter}`,
    doc: {
      operationId: `retrieve${words.operationNames.one}`,
      tag: words.tag,
      summary: `Read ${words.item}`,
      replies: { 200: json(`The ${words.short}.`, reply) },
    },
    async handle({ workspace, params }, deps) {
      const item = await verbs(deps).get(workspace, params[parameter] ?? '')
      return { status: 200, body: body(item, workspace) }
    },
  }
}

function updateRoute<Item, Update extends z.ZodType>(
  registry: Registry<Item, z.ZodType, Update>,
): Route<Update> {
  const { path, parameter, words, refusesUnsupported, errorPaths, update } = registry
  return {
    method: 'patch',
    path: `${path}/:${parameter}`,
    body: update.body,
    ...(refusesUnsupported && { refusesUnsupported }),
    errorPaths,
    doc: {
      operationId: `update${words.operationNames.one}`,
      tag: words.tag,
      summary: `Change ${words.item}`,
      description: update.description,
      replies: { 200: json(update.reply, registry.reply) },
      errors: { 409: update.conflict },
    },
    async handle({ workspace, params, body }, deps) {
      const ref = { workspace, id: params[parameter] ?? '' }
      const item = await update.run(deps, ref, body)
      return { status: 200, body: registry.body(item, workspace) }
    },
  }
}

function removeRoute<Item>(registry: Registry<Item, z.ZodType, z.ZodType>): Route {
  const { path, parameter, words, verbs, remove } = registry
  const gone = `The ${words.short} is gone.`
  // 200, not 204: the SDKs of the dialect accept nothing else, unless the definition says otherwise.
  const { description, query, replies = { 200: json(gone, z.object({})) } } = remove
  return {
    method: 'delete',
    path: `${path}/:${parameter}`,
    doc: {
      operationId: `delete${words.operationNames.one}`,
      tag: words.tag,
      summary: `Delete ${words.item}`,
      ...(description !== undefined && { description }),
      ...(query && { query }),
      replies,
    },
    async handle({ workspace, params, query: given }, deps) {
      const id = params[parameter] ?? ''
      if (remove.run) await remove.run(deps, { workspace, id, query: given })
      else await verbs(deps).remove(workspace, id)
      return 204 in replies ? { status: 204 } : { status: 200, body: {} }
    },
  }
}
