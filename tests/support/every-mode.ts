import type { Orq } from '@orq-ai/node'
import type { AgentResponseRequest } from '@orq-ai/node/models/components/agentresponserequest.js'
import type { Cluster } from '@longhaul/testbed'
import { ask, listen, only } from './orq-requests.ts'
import { until } from './until.ts'

/** A call in the answer's `metadata.tool_calls`. */
export type ReportedCall = { id: string; name: string; result?: unknown; error?: string }

export type Reported = { mode: string; taskId: string; text: string; calls: ReportedCall[] }

/** Runs a turn synchronously, in the background and as a stream. Resolves with the result of each. */
export async function inEveryMode(
  { orq, cluster }: { orq: Orq; cluster: Cluster },
  agent: string,
  turn: AgentResponseRequest,
): Promise<Reported[]> {
  const waited = await ask(orq, agent, turn)
  const begun = await ask(orq, agent, { ...turn, background: true })
  const events = await listen(orq, agent, turn)
  const streamed = only(events, 'response.started')[0]?.data.taskId ?? ''
  const tasks = { sync: waited.taskId, background: begun.taskId, stream: streamed }
  return await Promise.all(
    Object.entries(tasks).map(async ([mode, taskId]) => ({
      mode,
      taskId,
      ...(await resultOf(cluster, `/v2/agents/${agent}/responses/${taskId}`)),
    })),
  )
}

async function resultOf(cluster: Cluster, path: string): Promise<Pick<Reported, 'text' | 'calls'>> {
  const body = await until(async () => {
    const { body: now } = await cluster.call('GET', path)
    return now['status'] === 'in_progress' ? undefined : (now as Ended)
  })
  const [answer] = body.output
  return {
    text: answer?.parts[0]?.text ?? '',
    calls: answer?.metadata?.tool_calls ?? [],
  }
}

type Ended = {
  output: { parts: { text?: string }[]; metadata?: { tool_calls?: ReportedCall[] } }[]
}
