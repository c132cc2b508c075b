import { setTimeout as sleep } from 'node:timers/promises'
import type { Act, Attack, Prepare } from '../attack.ts'
import type { Reply } from '../client.ts'
import { judgeReplies } from '../replies.ts'
import { createAgent, message, type Scene, submit } from '../scene.ts'

/** So many clients that ask for the same list again and again, for some seconds. */
function readAgain({ alpha, many }: Scene, path: string, clients: number): Act {
  return async () => {
    const until = performance.now() + many(6_000)
    const replies: Reply[] = []
    const readers = Array.from({ length: clients }, async () => {
      do {
        replies.push(await alpha.call('GET', path))
        await sleep(10)
      } while (performance.now() < until)
    })
    await Promise.all(readers)
    const { seen, wrong } = judgeReplies(replies)
    const served = replies.some(({ status }) => status === 200)
    return { seen, wrong: served ? wrong : [...wrong, 'the list was never answered'] }
  }
}

function ofLargeAgents(path: string, clients: number): Prepare {
  return async (scene) => {
    const more = { variables: { large: 'v'.repeat(900_000) } }
    const agents = Array.from({ length: scene.many(120) }, (_, at) => `agent-${at}`)
    for (let from = 0; from < agents.length; from += 4) {
      const some = agents.slice(from, from + 4)
      await Promise.all(some.map((key) => createAgent(scene.alpha, key, more)))
    }
    return readAgain(scene, path, clients)
  }
}

function ofLargeNotes(clients: number): Prepare {
  return async (scene) => {
    const agent = await createAgent(scene.alpha, 'noted', { model: 'demo/instant' })
    const metadata = { note: 'n'.repeat(60_000) }
    const submissions = Array.from({ length: scene.many(1_000) }, (_, at) => at)
    const submitSome = async () => {
      while (submissions.pop() !== undefined) {
        await submit(scene.alpha, agent, { ...message('hi'), metadata })
      }
    }
    await Promise.all(Array.from({ length: 8 }, submitSome))
    return readAgain(scene, '/v2/responses?metadata.z=nothing&limit=1', clients)
  }
}

export const lists: Attack = {
  name: 'lists',
  does: 'reads lists of large definitions and large notes again and again',
  variants: {
    'models, one client': ofLargeAgents('/v1/models', 1),
    'models, four clients': ofLargeAgents('/v1/models', 4),
    'agents, four clients': ofLargeAgents('/v2/agents', 4),
    'tasks by their notes, ten clients': ofLargeNotes(10),
  },
}
