import { rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'

/** The holder of an open request: an API key or a watch token, and its workspace. */
export type StreamHolder = { type: 'key' | 'token'; id: string; workspace: string }

export type OpenStreams = ReturnType<typeof createOpenStreams>

/** What this process learns about a workspace: how many it has open in other processes, and may have open in all. */
export type WorkspaceStreams = { elsewhere: number; limit: number | undefined }

/**
 * Counts the open streams and waiting requests of this process, in total, by holder and by workspace. It learns from time
 * to time how many the workspaces have in other processes.
 */
export function createOpenStreams(
  bounds: Partial<Record<keyof typeof limits.streams, number>> = {},
) {
  const { perKey, perToken, total } = { ...limits.streams, ...bounds }
  const held = new Map<string, number>()
  const own = new Map<string, number>()
  let known: ReadonlyMap<string, WorkspaceStreams> = new Map()
  let all = 0

  const countOf = (workspace: string): number =>
    (own.get(workspace) ?? 0) + (known.get(workspace)?.elsewhere ?? 0)

  function refuseTooMany({ type, workspace }: StreamHolder, heldByHolder: number): void {
    const limit = type === 'key' ? perKey : perToken
    if (heldByHolder >= limit) {
      const holder = type === 'key' ? 'API key' : 'watch token'
      throw tooMany(`This ${holder} has ${limit} streams and waiting requests open`)
    }
    const { limit: most = Infinity } = known.get(workspace) ?? usual
    if (countOf(workspace) >= most)
      throw tooMany(`This workspace has ${most} streams and waiting requests open`)
    if (all >= total) throw tooMany(`The server has ${total} streams and waiting requests open`)
  }

  return {
    /** The number of open streams and waiting requests. */
    count: () => all,
    /** Those of a workspace, in all processes. */
    countOf,

    /** Those of this process, of each workspace that has some. */
    byWorkspace: (): ReadonlyMap<string, number> => own,

    /** Learns about the workspaces of `byWorkspace`. */
    note(workspaces: ReadonlyMap<string, WorkspaceStreams>): void {
      known = workspaces
    },

    /**
     * Opens one. Throws `rate_limited` when there are too many. Returns a function that closes it; calling that again
     * has no effect.
     */
    open(holder: StreamHolder): () => void {
      const name = `${holder.type} ${holder.id}`
      refuseTooMany(holder, held.get(name) ?? 0)
      add(held, name, 1)
      add(own, holder.workspace, 1)
      all += 1
      let open = true
      return () => {
        if (!open) return
        open = false
        all -= 1
        add(held, name, -1)
        add(own, holder.workspace, -1)
      }
    },
  }
}

/** A workspace about which nothing is known yet. */
const usual = { limit: limits.workspaceDefaults.streams }

function add(counts: Map<string, number>, name: string, change: 1 | -1): void {
  const count = (counts.get(name) ?? 0) + change
  if (count > 0) counts.set(name, count)
  else counts.delete(name)
}

function tooMany(what: string) {
  const message = `${what}, and that is the most: close some, or send the request in the background and read its task without \`wait\`.`
  return rateLimited(['streams'], message, limits.streamRetry / 1_000)
}
