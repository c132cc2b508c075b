import { setTimeout as sleep } from 'node:timers/promises'
import type { Attack, Prepare } from '../attack.ts'
import { createAgent, ended, scripted, submit } from '../attack-context.ts'

const slow = 'import time\ntime.sleep(20)\nresult = "slept"'
const busy = 'while True: pass'

/** Many calls of alpha that hold a slot of the sandbox for long, and a few short calls of beta. */
function holdSlots(calls: number, code: string): Prepare {
  return async (context) => {
    const { alpha, beta, model, many, until } = context
    const turns = Math.ceil(many(calls) / 16)
    const agent = await createAgent(alpha, 'holder', { settings: { tools: [tool(code)] } })
    const key = `neighbour-${context.workspace}`
    await createAgent(beta, key, { settings: { tools: [{ ...tool('result = 7'), timeout: 10 }] } })
    const sixteen = Array.from({ length: 16 }, (_, at) => call(at))
    return async () => {
      await Promise.all(
        Array.from({ length: turns }, () =>
          submit(alpha, agent, scripted({ calls: sixteen }, { text: 'done' })),
        ),
      )
      await until(() => Promise.resolve(model.requests.length >= turns ? true : undefined))
      // The calls of a reply begin when it arrives.
      await sleep(1_000)
      const started = performance.now()
      const found = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const task = await submit(beta, key, scripted({ calls: [call(0)] }, { text: 'done' }))
          const path = `/v2/agents/${key}/responses/${task}`
          return JSON.stringify(await ended(context, beta, path))
        }),
      )
      const ms = Math.round(performance.now() - started)
      const failed = found.filter((text) => !/"result":\{?[^}]*7/.test(text))
      const why = /"error":"[^"]+"/.exec(failed[0] ?? '')?.[0] ?? failed[0]
      return {
        seen: `beta's calls took ${ms} ms`,
        wrong:
          failed.length === 0 ? [] : [`${failed.length} of beta's 4 calls were not made: ${why}`],
      }
    }
  }
}

function tool(code: string) {
  const definition = { language: 'python', code }
  return {
    type: 'code',
    key: 'compute',
    description: 'Computes.',
    timeout: 20,
    code_tool: definition,
  }
}

function call(at: number) {
  return { id: `c${at}`, name: 'compute', arguments: {} }
}

export const codeSlots: Attack = {
  name: 'code-slots',
  does: 'holds every slot of the sandbox for code tools',
  variants: {
    'calls that sleep': holdSlots(160, slow),
    'calls that compute': holdSlots(96, busy),
  },
  spoils: true,
}
