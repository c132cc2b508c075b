import type { ReserveCapacity } from '@longhaul/core'
import type { ToolServices } from './tool-kind.ts'

/** Wraps services so that large replies wait for capacity. */
export function withCapacity(services: ToolServices, capacity: ReserveCapacity): ToolServices {
  const { egress, mcp } = services
  return {
    ...services,
    egress: { fetch: (request) => egress.fetch({ ...request, capacity }) },
    mcp: { call: (target, call, options) => mcp.call(target, call, { ...options, capacity }) },
  }
}
