import {
  createEgress,
  createMcpClient,
  createNameResolver,
  parseHostAllowList,
} from '@longhaul/outbound'
import { fileURLToPath } from 'node:url'
import { createPython } from '../python/python.ts'
import type { ToolServices } from './tool-kind.ts'

const python = createPython({
  path: process.env['PATH'] ?? '',
  unpacked: fileURLToPath(new URL('../../../../.tools/sandbox', import.meta.url)),
  memory: 2_048 * 1024 * 1024,
})

const resolve = createNameResolver().of('w')

/** The services of tools, with access only to the hosts that are allowed here. A sealed text begins with `sealed:`. */
export function servicesFor({
  allow = [],
  headers,
}: {
  allow?: string[] | undefined
  headers?: Awaited<ReturnType<ToolServices['headersOf']>>
} = {}): ToolServices {
  return {
    workspace: 'w',
    egress: createEgress({ allow: parseHostAllowList(allow), resolve }),
    python,
    mcp: createMcpClient({ allow: parseHostAllowList(allow), resolve }),
    open: (sealed) => sealed.replace('sealed:', ''),
    headersOf: () => Promise.resolve(headers),
  }
}

/** For tools that call no agent. */
export function callNobody(): Promise<void> {
  return Promise.reject(new Error('this tool calls no agent'))
}
