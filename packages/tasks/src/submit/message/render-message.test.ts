import { createContentBudget } from '@longhaul/content'
import { type InputPart, limits, type Plan, type TaskStore } from '@longhaul/core'
import { expect, test } from 'vitest'
import { plainPlan } from '../../plan/model-only-plan.ts'
import { renderMessage } from './render-message.ts'

const plan: Plan = plainPlan('demo/instant')

const texts = (count: number, text: string): InputPart[] =>
  Array.from({ length: count }, () => ({ kind: 'text', text }))

async function rendered(
  parts: InputPart[],
  engine: 'text' | 'mustache' | 'jinja',
  variables: Record<string, unknown> = {},
): Promise<InputPart[]> {
  const request = { message: { role: 'user' as const, parts }, engine, variables }
  const budget = createContentBudget('w')
  return await renderMessage(request, {
    plan,
    task: undefined,
    budget,
    ports: { store: {} as TaskStore, reserve: () => {} },
  })
}

const loop = '{% for i in range(6000) %}{% if i %}{% endif %}{% endfor %}'
const sections = '{{#l}}{{#l}}{{x}}{{/l}}{{/l}}'
const list = Array.from({ length: 140 }, () => 1)
const half = 'x'.repeat(limits.content.characters / 2)

test.each([
  ['jinja', loop, {}, 'takes too many steps'],
  ['mustache', sections, { l: list }, 'takes too many steps'],
  ['text', '{{x}}', { x: half }, 'becomes longer than'],
  ['mustache', '{{x}}', { x: half }, 'becomes longer than'],
  ['jinja', '{{x}}', { x: half }, 'becomes longer than'],
] as const)(
  'a thousand %s parts %s share what one part may use',
  async (engine, part, values, why) => {
    await expect(rendered(texts(1, part), engine, values)).resolves.toHaveLength(1)
    await expect(rendered(texts(1_000, part), engine, values)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(why),
      fields: [{ path: expect.stringMatching(/^message\.parts\[[1-9]\d*\]\.text$/) }],
    })
  },
)

test('a thousand parts that are slow to parse are refused when the time limit is reached', async () => {
  const slow = `{% if no %}${'{{ a.b|upper }}'.repeat(4_000)}{% endif %}`
  await expect(rendered(texts(1_000, slow), 'jinja', { a: {} })).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: expect.stringMatching(/^message\.parts\[\d+\]\.text$/) }],
  })
})

test('a broken template is named by its part, and text without tags has no limit of its own', async () => {
  const long = 'x'.repeat(limits.template + 1)
  const parts = [...texts(1, long), ...texts(1, 'Hello {{name}}')]
  expect(await rendered(parts, 'jinja', { name: 'Ada' })).toEqual([
    ...texts(1, long),
    ...texts(1, 'Hello Ada'),
  ])
  await expect(rendered([...parts, ...texts(1, '{% if %}')], 'jinja')).rejects.toMatchObject({
    fields: [{ path: 'message.parts[2].text' }],
  })
})
