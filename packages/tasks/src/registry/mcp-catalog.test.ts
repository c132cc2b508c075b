import { limits, type McpServer, type McpTool } from '@longhaul/core'
import { expect, test } from 'vitest'
import { unsynced, withTools } from './mcp-catalog.ts'
import { mcpNamesOf } from '../plan/mcp-tools.ts'

const tools = (...names: string[]): McpTool[] =>
  names.map((name) => ({ name, description: '', inputSchema: { type: 'object' } }))

const server: McpServer = {
  ...unsynced,
  id: 'mcp_1',
  key: 'files',
  version: '1.0.0',
  createdAt: 1,
  updatedAt: 1,
  displayName: 'Files',
  url: 'https://files.example/mcp',
  transport: 'http',
  headers: {},
  exposure: { mode: 'all' },
  echo: {},
}

const synced = (before: McpServer, at: number, ...names: string[]) =>
  withTools(before, { tools: tools(...names), errors: [], at })
const namesOf = (of: McpServer) => Object.fromEntries(mcpNamesOf(of))

test('a tool keeps its name when other tools are added, removed and restored in any order', () => {
  const first = synced(server, 1, 'a.b', 'a/b')
  const names = { 'a.b': 'a_b', 'a/b': 'files_a_b' }
  expect(namesOf(first)).toEqual(names)
  const more = synced(first, 2, 'a b', 'a/b', 'a.b')
  expect(namesOf(more)).toEqual({ ...names, 'a b': expect.stringMatching(/^files_a_b_\w{12}$/) })
  const fewer = synced(more, 3, 'a/b')
  expect(namesOf(fewer)).toMatchObject({ 'a/b': names['a/b'] })
  expect(fewer.sync).toMatchObject({ added: 0, removed: 2 })
  const back = synced(fewer, 4, 'a/b', 'a:b', 'a.b')
  expect(namesOf(back)).toMatchObject(names)
})

test('tools that an older version has stored keep their names', () => {
  const stored: McpServer = { ...server, tools: tools('a.b', 'a/b') }
  delete stored.names
  const names = { 'a.b': 'a_b', 'a/b': 'files_a_b' }
  expect(namesOf(stored)).toEqual(names)
  expect(namesOf(synced(stored, 9, 'a b', 'a/b', 'a.b'))).toMatchObject(names)
})

test('a tool that was not exposed reserves no name', () => {
  const selective: McpServer = { ...server, exposure: { mode: 'selected', tools: ['a/b'] } }
  const first = synced(selective, 1, 'a.b', 'a/b')
  expect(namesOf(first)).toEqual({ 'a/b': 'a_b' })
  expect(namesOf(synced(first, 2, 'a/b'))).toEqual({ 'a/b': 'a_b' })
})

test('a server keeps the names of a limited number of former tools', () => {
  const many = Array.from({ length: 3 }, (_, at) => `f${at}`)
  let now = synced(server, 1, ...many)
  for (let at = 2; at < 600; at += 1) now = synced(now, at, `g${at}`)
  const names = now.names ?? []
  expect(names).toHaveLength(limits.mcpTools + 1)
  expect(names.at(-1)).toEqual({ name: 'g599', since: 599 })
})
