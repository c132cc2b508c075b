import type { Attack, Prepare } from '../attack.ts'
import { createAgent, message, submit } from '../attack-context.ts'

/** An agent in its own team. Each of its replies calls the agent itself several times. */
function fan(width: number): Prepare {
  return async ({ alpha, model, redis, workspace, many, until }) => {
    const agent = await createAgent(alpha, 'bomb')
    const more = {
      team_of_agents: [{ key: agent }],
      settings: { tools: [{ type: 'call_sub_agent' }] },
    }
    const changed = await alpha.call('PATCH', `/v2/agents/${agent}`, more)
    if (changed.status !== 200) throw new Error(`${changed.status} ${changed.text}`)
    let asked = 0
    const calls = Array.from({ length: width }, (_, at) => ({
      id: `c${at}`,
      name: 'call_sub_agent',
      arguments: { agent_key: agent, message: 'go on' },
    }))
    model.reply(({ body }) => {
      asked += 1
      const answered = body.messages?.some(({ role }) => role === 'tool') === true
      return answered ? { text: 'done' } : { calls }
    })
    const tasks = () => redis.zcard(`{lh:s0}:tasks:${workspace}`)
    return async () => {
      await submit(alpha, agent, message('begin'))
      const over = performance.now() + many(10_000)
      await until(() => Promise.resolve(performance.now() > over ? true : undefined))
      const count = await tasks()
      const wrong = count > 1_001 ? [`one POST became ${count} tasks`] : []
      return { seen: `${count} tasks, ${asked} model calls`, wrong }
    }
  }
}

export const fanOut: Attack = {
  name: 'fan-out',
  does: 'lets an agent call itself repeatedly',
  variants: { 'a hundred calls a reply': fan(100), 'twenty calls a reply': fan(20) },
  spoils: true,
}
