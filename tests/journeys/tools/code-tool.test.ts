import { expect } from 'vitest'
import { inEveryMode } from '../../support/every-mode.ts'
import { test } from '../../support/orq-test.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

const area = {
  language: 'python' as const,
  code: `print("computing", width, "by", params["height"])
result = {"area": width * params["height"]}`,
  parameters: {
    type: 'object' as const,
    properties: { width: { type: 'number' }, height: { type: 'number' } },
    required: ['width', 'height'],
  },
}

const call = (name: string) => ({ id: 'c1', name, arguments: { width: 3, height: 4 } })
const computed = { calls: [{ result: { result: { area: 12 }, stdout: 'computing 3 by 4\n' } }] }

test('a stored tool computes in every mode', async ({ orq, cluster }) => {
  const { key } = await orq.tools.create({
    type: 'code',
    key: newKey('area'),
    path: 'Default',
    description: 'Computes an area.',
    codeTool: area,
  })
  const settings = { tools: [{ type: 'code' as const, key, timeout: 20 }] }
  const agent = await orq.agents.create({ ...newAgent(), settings })
  const turn = script({ calls: [call(key)] }, { text: '12.' })
  for (const each of await inEveryMode({ orq, cluster }, agent.key, turn)) {
    expect(each).toMatchObject({ ...computed, text: '12.' })
  }
})

test('a tool that is defined in its agent computes, too', async ({ orq, cluster }) => {
  const key = newKey('area')
  const tool = { type: 'code', key, description: 'Computes an area.', code_tool: area }
  const agent = { ...newAgent(), settings: { tools: [tool] } }
  expect(await cluster.call('POST', '/v2/agents', agent)).toMatchObject({ status: 201 })
  const turn = script({ calls: [call(key)] }, { text: '12.' })
  for (const each of await inEveryMode({ orq, cluster }, agent.key, turn)) {
    expect(each).toMatchObject({ ...computed, text: '12.' })
  }
})

test('invalid arguments and failing code are results that the model reads', async ({
  orq,
  cluster,
}) => {
  const key = newKey('area')
  const code = { ...area, code: 'def halve(x):\n  return x / nothing\nresult = halve(width)' }
  const tool = { type: 'code', key, description: 'Computes an area.', code_tool: code }
  const agent = { ...newAgent(), settings: { tools: [tool] } }
  await cluster.call('POST', '/v2/agents', agent)
  const calls = [call(key), { id: 'c2', name: key, arguments: { width: 'wide' } }]
  const [each] = await inEveryMode({ orq, cluster }, agent.key, script({ calls }, { text: '?' }))
  expect(each?.calls).toMatchObject([
    { error: "NameError: name 'nothing' is not defined (line 2)" },
    { error: expect.stringContaining('do not fit') },
  ])
})

test.for([
  [{ type: 'code', timeout: 121 }, 'settings.tools[0].timeout'],
  [
    { type: 'code', code_tool: { language: 'ruby', code: '1' } },
    'settings.tools[0].code_tool.language',
  ],
  [
    { type: 'code', code_tool: { language: 'python', code: '' } },
    'settings.tools[0].code_tool.code',
  ],
] as const)('%j is refused, naming the field', async ([tool, path], { cluster }) => {
  const agent = { ...newAgent(), settings: { tools: [{ key: newKey('t'), ...tool }] } }
  const { status, body } = await cluster.call('POST', '/v2/agents', agent)
  expect([status, body['errors']]).toMatchObject([400, [{ path }]])
})
