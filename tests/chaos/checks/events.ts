import { responseId } from '@longhaul/core'
import { nameOf } from '../events/await-events.ts'
import { expectedEvents } from '../events/expected-events.ts'
import { lossOfTask } from '../evidence/loss-of-task.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { ReceivedEvent } from '../events/event-receiver.ts'

type Problem = { task: number | undefined; what: string }

/** Every event of a turn arrives, with a type that fits its fact. */
export function checkArrivals(evidence: Evidence): Problem[] {
  const { events } = evidence
  if (events === undefined) return []
  const arrived = Map.groupBy(events, nameOf)
  const unsure = tasksWithLosses(evidence)
  return expectedEvents(evidence).flatMap((expected) => {
    const { task, types, pos } = expected
    const attempts = arrived.get(nameOf(expected)) ?? []
    const what = `${types.join(' or ')} at ${pos} of ${expected.responseId}`
    if (!attempts.some(({ isTaken }) => isTaken)) {
      return { task, what: `${what} did not arrive, in ${attempts.length} attempts` }
    }
    // After a loss, its number in the log may be that of another fact.
    const wrong = unsure.has(expected.taskId)
      ? undefined
      : attempts.find(({ type }) => !types.includes(type))
    return wrong === undefined ? [] : { task, what: `${what} arrived as ${wrong.type}` }
  })
}

/** All attempts of an event have its id, which no other event has. */
export function checkEventIds({ events = [] }: Evidence): string[] {
  const ids = Map.groupBy(events, nameOf)
  const names = Map.groupBy(events, ({ id }) => id)
  return [
    ...differing(ids, ({ id }) => id).map((name) => `the event ${name} came with several ids`),
    ...differing(names, nameOf).map((id) => `several events have the id ${id}`),
    ...events
      .filter(({ id, bodyId }) => id !== bodyId)
      .map(({ id, bodyId }) => `the event ${id} has ${bodyId} in its body`),
  ]
}

/** No endpoint gets events of another workspace. */
export function checkEventOwners({ events = [], tasks, continuationPairs }: Evidence): string[] {
  const owners = new Map([
    ...tasks.flatMap(({ script: { workspace = 'chaos' }, client }) =>
      client.ids.map(({ taskId }) => [taskId, workspace] as const),
    ),
    ...continuationPairs.map(({ taskId }) => [taskId, 'chaos'] as const),
  ])
  return events.flatMap(({ taskId, workspace, id }) => {
    const owner = owners.get(taskId) ?? workspace
    return owner === workspace ? [] : [`${workspace} got ${id}, which is of ${owner}`]
  })
}

function tasksWithLosses(evidence: Evidence): Set<string> {
  return new Set([
    ...evidence.tasks
      .filter(({ client }) => lossOfTask(client, evidence) !== undefined)
      .flatMap(({ client }) => client.ids.map(({ taskId }) => taskId)),
    ...evidence.continuationPairs
      .filter(
        ({ taskId }) =>
          lossOfTask({ ids: [{ taskId, responseId: responseId(taskId, 1) }] }, evidence) !==
          undefined,
      )
      .map(({ taskId }) => taskId),
  ])
}

/** The names of groups whose events differ in something. */
function differing(
  groups: Map<string, ReceivedEvent[]>,
  of: (event: ReceivedEvent) => string,
): string[] {
  return [...groups].filter(([, group]) => new Set(group.map(of)).size > 1).map(([name]) => name)
}
