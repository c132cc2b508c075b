import { workspaceKeys } from '../tasks/workspaces.ts'

/** An endpoint of a workspace, with the key that reads its deliveries. */
export type ChaosEndpoint = { id: string; key: string }

/** Creates an endpoint of each workspace, which wants all events of turns. */
export async function createEndpoints(url: string, receiverUrl: string): Promise<ChaosEndpoint[]> {
  const created = Object.entries(workspaceKeys).map(async ([workspace, key]) => {
    const body = { name: 'chaos', url: `${receiverUrl}/${workspace}`, event_types: ['response.*'] }
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const request = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await fetch(`${url}/v1/webhook_endpoints`, request)
    const reply = (await response.json()) as { id?: string }
    if (reply.id === undefined) throw new Error(`no endpoint: ${JSON.stringify(reply)}`)
    return { id: reply.id, key }
  })
  return await Promise.all(created)
}
