import { setTimeout as sleep } from 'node:timers/promises'
import type { Act, Attack, Prepare } from '../attack.ts'
import type { Reply } from '../client.ts'
import { checkReplies } from '../replies.ts'
import { createAgent, message, type AttackContext, submit } from '../attack-context.ts'

/** Several clients request the same list repeatedly for some seconds. */
function readAgain(
  { alpha, many }: AttackContext,
  path: string | ((reader: number) => string),
  clients: number,
): Act {
  const pathOf = typeof path === 'string' ? () => path : path
  return async () => {
    const until = performance.now() + many(6_000)
    const replies: Reply[] = []
    const readers = Array.from({ length: clients }, async (_, reader) => {
      // Many new connections at one moment would be refused for their number.
      await sleep(reader)
      do {
        replies.push(await alpha.call('GET', pathOf(reader)))
        await sleep(10)
      } while (performance.now() < until)
    })
    await Promise.all(readers)
    const { seen, wrong } = checkReplies(replies)
    const served = replies.some(({ status }) => status === 200)
    return { seen, wrong: served ? wrong : [...wrong, 'the list was never answered'] }
  }
}

function ofLargeAgents(path: string, clients: number, count = 120): Prepare {
  return async (context) => {
    const more = { variables: { large: 'v'.repeat(900_000) } }
    const agents = Array.from({ length: context.many(count) }, (_, at) => `agent-${at}`)
    for (let from = 0; from < agents.length; from += 8) {
      const some = agents.slice(from, from + 8)
      await Promise.all(some.map((key) => createAgent(context.alpha, key, more)))
    }
    return readAgain(context, path, clients)
  }
}

/** Each reader reads an agent whose definition is just below 256 KB. */
function ofMediumAgents(readers: number): Prepare {
  return async (context) => {
    const more = { variables: { medium: 'v'.repeat(250_000) } }
    const agents = Array.from({ length: context.many(40) }, (_, at) => `medium-${at}`)
    for (const key of agents) await createAgent(context.alpha, key, more)
    const pathOf = (reader: number) => `/v2/agents/${agents[reader % agents.length]}`
    return readAgain(context, pathOf, context.many(readers))
  }
}

function ofLargeNotes(clients: number): Prepare {
  return async (context) => {
    const agent = await createAgent(context.alpha, 'noted', { model: 'demo/instant' })
    const metadata = { note: 'n'.repeat(60_000) }
    const submissions = Array.from({ length: context.many(1_000) }, (_, at) => at)
    const submitSome = async () => {
      while (submissions.pop() !== undefined) {
        await submit(context.alpha, agent, { ...message('hi'), metadata })
      }
    }
    await Promise.all(Array.from({ length: 8 }, submitSome))
    return readAgain(context, '/v2/responses?metadata.z=nothing&limit=1', clients)
  }
}

export const lists: Attack = {
  name: 'lists',
  does: 'reads lists of large definitions and large caller metadata repeatedly',
  variants: {
    'models, ten clients': ofLargeAgents('/v1/models', 10, 240),
    'models, four clients': ofLargeAgents('/v1/models', 4, 240),
    'agents, four clients': ofLargeAgents('/v2/agents', 4),
    'agents of 250 KB, 1,200 clients': ofMediumAgents(1_200),
    'tasks by their notes, ten clients': ofLargeNotes(10),
  },
}
