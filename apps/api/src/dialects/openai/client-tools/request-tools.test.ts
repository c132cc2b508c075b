import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parse } from '../../../request/parse.ts'
import { clientItems } from './client-items.ts'
import { readTools } from './request-tools.ts'
import { ToolChoice } from './tool-choice.ts'
import { Tool } from './tool.ts'

const Request = z.object({
  tools: z.array(Tool).optional(),
  tool_choice: ToolChoice.optional(),
  input: z.union([z.string(), z.array(z.discriminatedUnion('type', clientItems))]).default('Hi'),
})
const read = (request: object) => readTools(parse(Request, request))
const namesOf = (request: object) => read(request).changes.tools?.map(({ name }) => name)

const f = (name: string, more: object = {}) => ({ type: 'function', name, ...more })
const crm = {
  type: 'namespace',
  name: 'crm',
  description: 'Customers.',
  tools: [f('find'), f('add')],
}

const adding = (...tools: object[]) => ({ type: 'additional_tools', role: 'developer', tools })
const forced = (name: string) => ({ function: { name } })

describe('a tool', () => {
  test.each([
    { type: 'web_search', external_web_access: true },
    { type: 'mcp', server_label: 's', server_url: 'https://example.com' },
    { type: 'tool_search' },
    { type: 'shell', environment: { type: 'container_auto', file_ids: [] } },
    { type: 'a_type.of-tomorrow', name: 'x' },
  ])('that the server would have to run is left out, and named by its path: %j', (tool) => {
    const { changes, ignored } = read({ tools: [f('a'), tool] })
    expect(changes.tools).toEqual([
      { name: 'a', description: '', path: 'tools[0]', unchecked: true },
    ])
    expect(changes.toolsLeftOut).toBe(true)
    expect(ignored).toEqual(['tools[1]'])
  })

  test('of a known type must be complete', () => {
    expect(() => read({ tools: [f('a'), { type: 'custom' }] })).toThrow(
      'tools[1].name: is required',
    )
    expect(() => read({ tools: [{ name: 'a' }] })).toThrow(/^tools\[0\]\.type: /)
    expect(() => read({ tools: [{ ...crm, tools: [{ type: 'function' }] }] })).toThrow(
      'tools[0].tools[0].name: is required',
    )
  })

  test('with a grammar has it in its description', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' }
    const { changes } = read({
      tools: [{ type: 'custom', name: 'write', description: 'Writes.', format }],
    })
    expect(changes.tools).toMatchObject([
      {
        name: 'write',
        description: 'Writes.\n\nThe input must match this Lark grammar:\nstart: "a"',
        parameters: { required: ['input'] },
      },
    ])
  })

  test('of a namespace has its name before it, and the first one also its description', () => {
    const { changes, recorded } = read({ tools: [crm] })
    expect(changes.tools).toMatchObject([
      { name: 'crm__find', description: 'Customers.', path: 'tools[0].tools[0]' },
      { name: 'crm__add', description: '' },
    ])
    expect(recorded).toEqual([
      { function: 'crm__find', type: 'function', name: 'find', namespace: 'crm' },
      { function: 'crm__add', type: 'function', name: 'add', namespace: 'crm' },
    ])
  })

  test('of a namespace has a name that every provider accepts', () => {
    const tools = [f('find')]
    for (const name of ['a.b c', 'n'.repeat(64)]) {
      const [tool = ''] = namesOf({ tools: [{ ...crm, name, tools }] }) ?? []
      expect(tool).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    }
    expect(namesOf({ tools: [{ ...crm, name: 'mcp__crm__', tools }] })).toEqual(['mcp__crm__find'])
  })

  test('of the usual namespace keeps its name, and so do its calls', () => {
    const custom = { type: 'custom', name: 'exec' }
    const { changes, recorded } = read({
      tools: [{ ...crm, name: 'functions', tools: [f('wait'), custom] }],
    })
    expect(changes.tools?.map(({ name }) => name)).toEqual(['wait', 'exec'])
    expect(recorded).toEqual([{ function: 'exec', type: 'custom', name: 'exec' }])
  })

  test('is checked only where a call has no form for wrong arguments', () => {
    const types = ['shell', 'local_shell', 'apply_patch']
    const { changes } = read({
      tools: [f('a'), { type: 'custom', name: 'b' }, ...types.map((type) => ({ type }))],
    })
    expect(changes.tools?.map(({ unchecked }) => unchecked)).toEqual([
      true,
      true,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('the tools that items of an input add', () => {
  test('are offered after those of the request', () => {
    const input = [
      adding(f('b', { description: 'old' }), f('a', { description: 'old' })),
      { type: 'tool_search_output', execution: 'client', call_id: 'c', tools: [f('c')] },
      adding(f('b', { description: 'new' }), { type: 'web_search' }),
    ]
    const { changes, ignored } = read({ tools: [f('a')], input })
    expect(changes.tools?.map(({ name, description }) => [name, description])).toEqual([
      ['a', ''],
      ['b', 'new'],
      ['c', ''],
    ])
    expect(ignored).toEqual(['input[2].tools[1]'])
  })

  test('are recorded, so that their calls keep their form', () => {
    const { recorded } = read({ input: [adding({ type: 'custom', name: 'exec' })] })
    expect(recorded).toEqual([{ function: 'exec', type: 'custom', name: 'exec' }])
  })
})

describe('a tool choice', () => {
  const tools = [
    f('a'),
    { type: 'custom', name: 'b' },
    crm,
    { type: 'shell' },
    { type: 'web_search' },
  ]
  const choiceOf = (toolChoice: unknown) => read({ tools, tool_choice: toolChoice })

  test.each([
    ['required', 'required'],
    [{ type: 'function', name: 'a' }, forced('a')],
    [{ type: 'custom', name: 'b' }, forced('b')],
    [{ type: 'function', name: 'b' }, forced('b')],
    [{ type: 'shell' }, forced('shell')],
    [{ type: 'function', name: 'shell' }, forced('shell')],
    [{ type: 'apply_patch' }, forced('apply_patch')],
    [{ type: 'function', name: 'find', namespace: 'crm' }, forced('crm__find')],
    [{ type: 'function', name: 'crm.find' }, forced('crm__find')],
    [{ type: 'function', name: 'find' }, forced('crm__find')],
    [{ type: 'function', name: 'of-the-agent' }, forced('of-the-agent')],
  ])('%j forces %j', (toolChoice, expected) => {
    expect(choiceOf(toolChoice).choice).toEqual(expected)
  })

  test('may name allowed tools of several types; those of the server are left out', () => {
    const allowed = [
      { type: 'function', name: 'a' },
      { name: 'of-the-agent' },
      { type: 'custom', name: 'b' },
      { type: 'namespace', name: 'crm' },
      { type: 'shell' },
      { type: 'apply_patch' },
      { type: 'mcp', server_label: 's' },
    ]
    const { choice, changes, ignored } = choiceOf({ type: 'allowed_tools', tools: allowed })
    expect(choice).toBe('auto')
    expect(changes.allowed).toEqual(['a', 'of-the-agent', 'b', 'crm__find', 'crm__add', 'shell'])
    expect(ignored).toEqual(['tools[4]', 'tool_choice.tools[5]', 'tool_choice.tools[6]'])
  })

  test.each([
    [{ type: 'web_search' }, 'tool_choice.type: forces web_search, which'],
    [{ type: 'mcp', server_label: 's', name: 'x' }, 'tool_choice.type: forces mcp, which'],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'file_search' }] },
      'tool_choice.tools: forces file_search, which',
    ],
    [
      { type: 'allowed_tools', tools: [{ type: 'custom' }] },
      'tool_choice.tools[0].name: is required',
    ],
    [{ type: 'nothing' }, 'tool_choice.type: '],
  ])('%j is refused', (toolChoice, message) => {
    expect(() => choiceOf(toolChoice)).toThrow(message)
  })
})
