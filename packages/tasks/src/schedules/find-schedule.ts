import {
  isUlid,
  LonghaulError,
  type ScheduleStore,
  shardOf,
  type StoredSchedule,
} from '@longhaul/core'
import type { Agents } from '../registry/agents.ts'

export type ScheduleName = { workspace: string; agent: string; id: string }

type Ports = { schedules: ScheduleStore; agents: Pick<Agents, 'identify'>; shards: number }

/** The id of an agent. Rejects with not_found. */
export async function agentIdOf(
  { workspace, agent }: Pick<ScheduleName, 'workspace' | 'agent'>,
  { agents }: Pick<Ports, 'agents'>,
): Promise<string> {
  const id = await agents.identify(workspace, agent)
  if (id !== undefined) return id
  throw new LonghaulError('not_found', `Agent ${agent} not found`, { reason: 'agent_not_found' })
}

/** A schedule of an agent of the workspace. Rejects with not_found. */
export async function findSchedule(name: ScheduleName, ports: Ports): Promise<StoredSchedule> {
  const { workspace, id } = name
  const agentId = await agentIdOf(name, ports)
  const isKnown = isUlid(id) && shardOf(id) < ports.shards
  const stored = isKnown ? await ports.schedules.get(id) : undefined
  const { schedule } = stored ?? {}
  if (stored === undefined || schedule?.workspace !== workspace || schedule.agentId !== agentId) {
    throw unknownSchedule(id)
  }
  return stored
}

export function unknownSchedule(id: string): LonghaulError {
  return new LonghaulError('not_found', `Schedule ${id} not found`, {
    reason: 'schedule_not_found',
  })
}
