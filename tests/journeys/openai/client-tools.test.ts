import { Agent, applyPatchTool, OpenAIResponsesModel, run, shellTool } from '@openai/agents'
import type OpenAI from 'openai'
import type { Response, ResponseStreamEvent, Tool } from 'openai/resources/responses/responses'
import { describe, expect } from 'vitest'
import type { Cluster } from '@longhaul/testbed'
import { getWeather, scripted, test } from '../../support/openai-test.ts'

type Input = OpenAI.Responses.ResponseInput

/** The functions of the latest request to the model. */
function offered({ model }: Cluster): { name: string; strict?: boolean; description?: string }[] {
  const tools = model.requests.at(-1)?.body['tools'] as { function: { name: string } }[] | undefined
  return (tools ?? []).map((tool) => tool.function)
}

/** The results of calls in the latest request to the model. */
function results({ model }: Cluster): unknown[] {
  const messages = model.requests.at(-1)?.body.messages ?? []
  return messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
}

/** The calls in the latest request to the model. */
function calls({ model }: Cluster): { name: string; arguments: unknown }[] {
  const messages = model.requests.at(-1)?.body.messages ?? []
  return messages
    .flatMap((message) => (message['tool_calls'] ?? []) as { function: Record<string, string> }[])
    .map(({ function: { name = '', arguments: text = '' } }) => {
      return { name, arguments: JSON.parse(text) as unknown }
    })
}

const patch = { type: 'update_file', path: 'a.txt', diff: '@@\n-a\n+b' }

/** Each form: the tool, the arguments that the model writes, the item, the events within it, and an output with its text. */
const forms: {
  name: string
  tool: Tool
  written: unknown
  item: object
  events: string[]
  output: (callId: string) => Input[number]
  result: string
}[] = [
  {
    name: 'run_sql',
    tool: { type: 'custom', name: 'run_sql', description: 'Runs SQL.' },
    written: { input: 'select 1;\n' },
    item: { type: 'custom_tool_call', name: 'run_sql', input: 'select 1;\n' },
    events: ['response.custom_tool_call_input.delta', 'response.custom_tool_call_input.done'],
    output: (callId) => ({ type: 'custom_tool_call_output', call_id: callId, output: '1 row' }),
    result: '1 row',
  },
  {
    name: 'crm__find',
    tool: {
      type: 'namespace',
      name: 'crm',
      description: 'Customers.',
      tools: [{ type: 'function', name: 'find', parameters: { type: 'object', properties: {} } }],
    },
    written: {},
    item: { type: 'function_call', name: 'find', namespace: 'crm', arguments: '{}' },
    events: ['response.function_call_arguments.delta', 'response.function_call_arguments.done'],
    output: (callId) => ({ type: 'function_call_output', call_id: callId, output: 'Ada' }),
    result: 'Ada',
  },
  {
    name: 'shell',
    tool: { type: 'shell', environment: { type: 'local' } },
    written: { commands: ['ls', 'pwd'], timeout_ms: 1_000 },
    item: {
      type: 'shell_call',
      action: { commands: ['ls', 'pwd'], timeout_ms: 1_000, max_output_length: null },
      environment: { type: 'local' },
    },
    events: ['ls', 'pwd'].flatMap(() => [
      'response.shell_call_command.added',
      'response.shell_call_command.delta',
      'response.shell_call_command.done',
    ]),
    output: (callId) => ({
      type: 'shell_call_output',
      call_id: callId,
      output: [{ stdout: 'a.txt', stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
    }),
    result: '[{"stdout":"a.txt","stderr":"","outcome":{"type":"exit","exit_code":0}}]',
  },
  {
    name: 'local_shell',
    tool: { type: 'local_shell' },
    written: { command: ['ls', '-l'], working_directory: '/tmp' },
    item: {
      type: 'local_shell_call',
      action: { type: 'exec', command: ['ls', '-l'], env: {}, working_directory: '/tmp' },
    },
    events: [],
    output: (id) => ({ type: 'local_shell_call_output', id, output: '{"stdout":"a.txt"}' }),
    result: '{"stdout":"a.txt"}',
  },
  {
    name: 'apply_patch',
    tool: { type: 'apply_patch' },
    written: patch,
    item: { type: 'apply_patch_call', operation: patch },
    events: [],
    output: (callId) => ({
      type: 'apply_patch_call_output',
      call_id: callId,
      status: 'failed',
      output: 'no such line',
    }),
    result: 'failed: no such line',
  },
  {
    name: 'tool_search',
    tool: { type: 'tool_search', execution: 'client' },
    written: { query: 'weather' },
    item: { type: 'tool_search_call', execution: 'client', arguments: { query: 'weather' } },
    events: [],
    output: (callId) => ({
      type: 'tool_search_output',
      execution: 'client',
      call_id: callId,
      tools: [getWeather],
    }),
    result: '[{"name":"get_weather","description":"The weather of a city."}]',
  },
]

describe('a call of a tool that the client runs', () => {
  test.for(forms)(
    'of $name comes back in its own form: in a reply, in a stream and when it is read',
    async ({ name, tool, written, item, events: inner }, { openai, agent, cluster }) => {
      const request = {
        model: `agent/${agent}`,
        tools: [tool],
        input: scripted({ calls: [{ id: 'c1', name, arguments: written }] }, { text: 'Done.' }),
      }
      const made = await openai.responses.create(request)
      expect(offered(cluster).map((each) => each.name)).toEqual([name])
      expect(made).toMatchObject({
        status: 'completed',
        tools: [{ type: tool.type }],
        output: [{ ...item, call_id: 'c1', status: 'completed' }],
      })
      expect(await openai.responses.retrieve(made.id)).toEqual(made)

      const stream = openai.responses.stream(request)
      const events: ResponseStreamEvent[] = []
      for await (const event of stream) events.push(event)
      const ofItem = events.slice(3, -1)
      expect(ofItem.map(({ type }) => type)).toEqual([
        'response.output_item.added',
        ...inner,
        'response.output_item.done',
      ])
      expect(ofItem.at(0)).toMatchObject({ item: { type: made.output[0]?.type, call_id: 'c1' } })
      expect(ofItem.at(-1)).toMatchObject({ item: { ...item, call_id: 'c1' } })
      const { response } = events[0] as { response: Response }
      const again: ResponseStreamEvent[] = []
      for await (const event of await openai.responses.retrieve(response.id, { stream: true })) {
        again.push(event)
      }
      expect(again).toEqual(JSON.parse(JSON.stringify(events)))
    },
  )

  test.for(forms)(
    'of $name is answered by its own output, after the response or with the whole history',
    async ({ name, tool, written, item, output, result }, { openai, agent, cluster }) => {
      const model = `agent/${agent}`
      const question = scripted(
        { calls: [{ id: 'c1', name, arguments: written }] },
        { text: 'Done.' },
      )
      const first = await openai.responses.create({ model, tools: [tool], input: question })
      const after = await openai.responses.create({
        model,
        tools: [tool],
        previous_response_id: first.id,
        input: [output('c1')],
      })
      expect(after.output_text).toBe('Done.')
      expect(results(cluster)).toEqual([result])

      const whole = await openai.responses.create({
        model,
        tools: [tool],
        store: false,
        input: [{ role: 'user', content: question }, ...(first.output as Input), output('c1')],
      })
      expect(whole.output_text).toBe('Done.')
      expect(results(cluster)).toEqual([result])
      expect(calls(cluster)).toMatchObject([{ name, arguments: written }])

      const { data } = await openai.responses.inputItems.list(whole.id, { order: 'asc' })
      expect(data.slice(1, 2)).toMatchObject([{ ...item, call_id: 'c1', status: 'completed' }])
    },
  )

  test('reaches its owner with any arguments, and other forms only with the right ones', async ({
    openai,
    agent,
    cluster,
  }) => {
    const model = `agent/${agent}`
    const run_sql: Tool = { type: 'custom', name: 'run_sql' }
    const before = cluster.model.requests.length
    const bad = scripted({
      calls: [
        { id: 'c1', name: 'get_weather', arguments: '{"city":' },
        { id: 'c2', name: 'get_weather', arguments: { town: 1 } },
        { id: 'c3', name: 'run_sql', arguments: 'select 1' },
      ],
    })
    const made = await openai.responses.create({ model, tools: [getWeather, run_sql], input: bad })
    expect(made.output).toMatchObject([
      { type: 'function_call', call_id: 'c1', arguments: '{"city":' },
      { type: 'function_call', call_id: 'c2', arguments: '{"town":1}' },
      { type: 'custom_tool_call', call_id: 'c3', input: 'select 1' },
    ])
    expect(cluster.model.requests.length - before).toBe(1)

    const shell = await openai.responses.create({
      model,
      tools: [{ type: 'shell' }],
      input: scripted(
        { calls: [{ id: 's1', name: 'shell', arguments: { command: 'ls' } }] },
        { calls: [{ id: 's2', name: 'shell', arguments: { commands: ['ls'] } }] },
      ),
    })
    expect(shell.output).toMatchObject([
      { type: 'mcp_call', status: 'failed', name: 'shell' },
      { type: 'shell_call', call_id: 's2', action: { commands: ['ls'] } },
    ])
  })
})

describe('tools that the server would have to run', () => {
  test('are left out, and named in the header and in the log', async ({
    openai,
    agent,
    cluster,
  }) => {
    const request = {
      model: `agent/${agent}`,
      tools: [getWeather, { type: 'web_search' as const }],
      input: 'Hi',
    }
    const { data, response } = await openai.responses.create(request).withResponse()
    expect(data).toMatchObject({ status: 'completed', tools: [{ name: 'get_weather' }] })
    expect(response.headers.get('longhaul-ignored')).toBe('tools[1]')
    expect(offered(cluster).map(({ name }) => name)).toEqual(['get_weather'])
    const log = `/v2/agents/${agent}/responses/${data.id.slice(5, 31)}/log`
    const entries = (await cluster.call('GET', log)).body['data'] as object[]
    expect(entries[0]).toMatchObject({ type: 'turn.started', ignored: ['tools[1]'] })

    const streamed = await openai.responses
      .create({ ...request, stream: true, tools: [{ type: 'code_interpreter', container: 'c' }] })
      .withResponse()
    const types: string[] = []
    for await (const { type } of streamed.data) types.push(type)
    expect(types.at(-1)).toBe('response.completed')
    expect(streamed.response.headers.get('longhaul-ignored')).toBe('tools[0]')
  })

  test('are refused where the choice forces one of them, and nothing is stored', async ({
    openai,
    agent,
    cluster,
  }) => {
    const before = cluster.model.requests.length
    const forcing = (choice: OpenAI.Responses.ResponseCreateParams['tool_choice']) =>
      openai.responses.create({
        model: `agent/${agent}`,
        tools: [{ type: 'web_search' }],
        tool_choice: choice!,
        input: 'Hi',
      })
    await expect(forcing({ type: 'web_search_preview' })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param: 'tool_choice.type',
      message: expect.stringContaining('forces web_search_preview') as string,
    })
    await expect(forcing('required')).rejects.toMatchObject({ status: 400, param: 'tool_choice' })
    expect(cluster.model.requests).toHaveLength(before)
    expect(await forcing('auto')).toMatchObject({ status: 'completed' })
  })
})

describe('the tools of a request', () => {
  test('reach the provider with strict', async ({ openai, agent, cluster }) => {
    await openai.responses.create({
      model: `agent/${agent}`,
      tools: [
        { ...getWeather, strict: true },
        { ...getWeather, name: 'other' },
      ],
      tool_choice: { type: 'function', name: 'other' },
      input: 'Hi',
    })
    expect(offered(cluster).map(({ name, strict }) => [name, strict])).toEqual([
      ['get_weather', true],
      ['other', undefined],
    ])
    expect(cluster.model.requests.at(-1)?.body['tool_choice']).toMatchObject({
      function: { name: 'other' },
    })
  })

  test('may come with items of the input, and are called in their own form', async ({
    openai,
    agent,
    cluster,
  }) => {
    const exec = { type: 'custom' as const, name: 'exec', description: 'Runs code.' }
    const namespace = {
      type: 'namespace' as const,
      name: 'functions',
      description: '',
      tools: [exec],
    }
    const made = await openai.responses.create({
      model: `agent/${agent}`,
      input: [
        { type: 'additional_tools', role: 'developer', tools: [namespace] },
        {
          role: 'user',
          content: scripted({ calls: [{ id: 'c1', name: 'exec', arguments: { input: '1 + 1' } }] }),
        },
      ],
    })
    expect(offered(cluster).map(({ name }) => name)).toEqual(['exec'])
    expect(made).toMatchObject({
      tools: [],
      output: [{ type: 'custom_tool_call', name: 'exec', input: '1 + 1' }],
    })
  })

  test('are named by their paths when they are wrong', async ({ openai, agent }) => {
    const parameters = { type: 'array' }
    const wrong = (tools: Tool[]) =>
      openai.responses.create({ model: `agent/${agent}`, tools, input: 'Hi' })
    const inner = { type: 'function' as const, name: 'a', parameters }
    const crm = { type: 'namespace' as const, name: 'crm', description: '', tools: [inner] }
    await expect(wrong([{ type: 'web_search' }, crm])).rejects.toMatchObject({
      param: 'tools[1].tools[0].parameters.type',
    })
    await expect(wrong([{ type: 'shell' }, { type: 'shell' }])).rejects.toMatchObject({
      param: 'tools[1].name',
    })
  })
})

describe('the OpenAI Agents SDK', () => {
  test('runs its shell and its editor in a loop', async ({ openai, agent }) => {
    const done: unknown[] = []
    const editor = {
      createFile: (operation: object) => Promise.resolve(void done.push(operation)),
      updateFile: (operation: object) => Promise.resolve(void done.push(operation)),
      deleteFile: (operation: object) => Promise.resolve(void done.push(operation)),
    }
    const shell = {
      run({ commands }: { commands: string[] }) {
        done.push(commands)
        const outcome = { type: 'exit' as const, exitCode: 0 }
        return Promise.resolve({ output: [{ stdout: 'a.txt', stderr: '', outcome }] })
      },
    }
    const assistant = new Agent({
      name: 'Assistant',
      model: new OpenAIResponsesModel(openai, `agent/${agent}`),
      tools: [shellTool({ shell }), applyPatchTool({ editor })],
    })
    const outcome = await run(
      assistant,
      scripted(
        { calls: [{ id: 'c1', name: 'shell', arguments: { commands: ['ls'] } }] },
        { calls: [{ id: 'c2', name: 'apply_patch', arguments: patch }] },
        { text: 'Both done.' },
      ),
    )
    expect(outcome.finalOutput).toBe('Both done.')
    expect(done).toEqual([['ls'], patch])
  })
})
