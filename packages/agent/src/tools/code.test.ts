import type { PlanTool } from '@longhaul/core'
import { limits } from '@longhaul/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runTool } from './run-tool.ts'
import { callNobody, servicesFor } from './services.fixture.ts'

const isLinux = process.platform === 'linux'

test.runIf(isLinux)('the time in which code waits for a slot does not count', async () => {
  const services = servicesFor()
  const fillers = new AbortController()
  const full = Promise.allSettled(
    Array.from({ length: limits.code.slots.perWorkspace }, () =>
      services.python.run(tool.code, {
        workspace: services.workspace,
        params: {},
        seconds: 100,
        signal: fillers.signal,
      }),
    ),
  )
  const controller = new AbortController()
  let isEnded = false
  const call = runTool(
    {},
    {
      tool,
      services,
      timeoutMs: 100,
      signal: controller.signal,
      now: 0,
      idempotencyKey: 'resp_1.c1',
      variables: {},
      callAgent: callNobody,
    },
  ).finally(() => (isEnded = true))
  await sleep(150)
  expect(isEnded).toBe(false)
  fillers.abort(new Error('enough'))
  expect(await call).toEqual({ ok: false, error: 'sleeper did not finish within 0.1 s' })
  await full
})

const tool = {
  kind: 'code',
  id: 'sleeper',
  name: 'sleeper',
  description: 'd',
  parameters: { type: 'object' },
  code: 'import time\ntime.sleep(600)',
  timeoutSeconds: 100,
  onCrash: 'retry',
} satisfies PlanTool
