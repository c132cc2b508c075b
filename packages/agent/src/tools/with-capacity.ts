import type { ReserveCapacity } from '@longhaul/core'
import type { ToolServices } from './tool-kind.ts'

/** Services whose large replies wait for room. */
export function withCapacity(services: ToolServices, capacity: ReserveCapacity): ToolServices {
  const { egress, mcp } = services
  return {
    ...services,
    egress: { fetch: (request) => egress.fetch({ ...request, capacity }) },
    mcp: { call: (target, call, options) => mcp.call(target, call, { ...options, capacity }) },
  }
}
