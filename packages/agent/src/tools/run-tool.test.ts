import type { PlanTool } from '@longhaul/core'
import { builtinTools } from '@longhaul/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { ToolKind } from './tool-kind.ts'
import { kinds } from './kinds.ts'
import { runTool } from './run-tool.ts'
import { callNobody, servicesFor } from './services.fixture.ts'

const tool: PlanTool = { kind: 'current_date', id: 'current_date', ...builtinTools.current_date }
const now = Date.parse('2026-08-21T22:30:05.123Z')
const signal = new AbortController().signal

const common = {
  tool,
  signal,
  now,
  idempotencyKey: 'resp_1.c1',
  variables: {},
  services: servicesFor(),
  callAgent: callNobody,
}

const real = kinds.current_date
function becomes(kind: ToolKind<'current_date'>): void {
  kinds.current_date = kind
}

describe('the tool current_date', () => {
  test.each([
    [{}, { date: '2026-08-21T22:30:05Z', weekday: 'Friday', timezone: 'UTC' }],
    [
      { timezone: 'Europe/Berlin' },
      { date: '2026-08-22T00:30:05+02:00', weekday: 'Saturday', timezone: 'Europe/Berlin' },
    ],
    [
      { timezone: 'America/St_Johns' },
      { date: '2026-08-21T20:00:05-02:30', weekday: 'Friday', timezone: 'America/St_Johns' },
    ],
  ])('with %j returns %j', async (input, result) => {
    expect(await runTool(input, common)).toEqual({ ok: true, result })
  })

  test('prefers its configuration to its arguments', async () => {
    const configured = { ...tool, configuration: { timezone: 'Asia/Tokyo' } }
    const outcome = await runTool({ timezone: 'Mars' }, { ...common, tool: configured })
    expect(outcome).toMatchObject({ ok: true, result: { date: '2026-08-22T07:30:05+09:00' } })
  })

  test.each(['Mars/Olympus', 5, ''])('says that %j is no time zone', async (timezone) => {
    const outcome = await runTool({ timezone }, common)
    expect(outcome).toEqual({
      ok: false,
      error: `${JSON.stringify(timezone)} is not a time zone; use an IANA name such as "Europe/Berlin"`,
    })
  })
})

describe('a tool that', () => {
  afterEach(() => becomes(real))

  test('fails results in an answer', async () => {
    becomes(() => {
      throw new Error('no such page')
    })
    expect(await runTool({}, common)).toEqual({ ok: false, error: 'no such page' })
  })

  test('hangs results in an answer, and its signal is aborted', async () => {
    let received: AbortSignal | undefined
    becomes(async (_input, context) => {
      received = context.signal
      await new Promise(() => {})
    })
    expect(await runTool({}, { ...common, timeoutMs: 30 })).toEqual({
      ok: false,
      error: 'current_date did not finish within 0.03 s',
    })
    expect(received?.aborted).toBe(true)
  })

  test('returns too much results in an answer', async () => {
    becomes(() => 'x'.repeat(1024 * 1024))
    expect(await runTool({}, common)).toMatchObject({
      ok: false,
      error: expect.stringContaining('too large'),
    })
  })

  test('returns a value that is not JSON results in an answer', async () => {
    becomes(() => 1n)
    expect(await runTool({}, common)).toMatchObject({ ok: false })
  })

  test('returns nothing results in null', async () => {
    becomes(() => undefined)
    expect(await runTool({}, common)).toEqual({ ok: true, result: null })
  })

  test('is aborted rejects with the reason, even when it ignores the signal', async () => {
    becomes(async () => await new Promise(() => {}))
    const controller = new AbortController()
    const reason = new Error('cancelled')
    setTimeout(() => controller.abort(reason), 20)
    await expect(runTool({}, { ...common, signal: controller.signal })).rejects.toBe(reason)
  })
})

test('an aborted signal starts nothing', async () => {
  const aborted = AbortSignal.abort(new Error('too late'))
  await expect(runTool({}, { ...common, signal: aborted })).rejects.toThrow('too late')
})

test('a client’s function is not run here', async () => {
  const outcome = await runTool({}, { ...common, tool: { ...tool, kind: 'function' } })
  expect(outcome).toMatchObject({ ok: false })
})
