import type { Room } from '@longhaul/core'
import type { ToolServices } from './tool-kind.ts'

/** Services whose large replies wait for room. */
export function withRoom(services: ToolServices, room: Room): ToolServices {
  const { egress, mcp } = services
  return {
    ...services,
    egress: { fetch: (request) => egress.fetch({ ...request, room }) },
    mcp: { call: (target, call, options) => mcp.call(target, call, { ...options, room }) },
  }
}
