import { rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'

/** The holder of an open request: an API key, or a watch token; and its workspace. */
export type StreamHolder = { type: 'key' | 'token'; id: string; workspace: string }

export type OpenStreams = ReturnType<typeof createOpenStreams>

/** Counts the open streams and waiting requests of this process, in total and by holder. */
export function createOpenStreams(
  bounds: Partial<Record<keyof typeof limits.streams, number>> = {},
) {
  const { perKey, perToken, total } = { ...limits.streams, ...bounds }
  const held = new Map<string, number>()
  const ofWorkspaces = new Map<string, number>()
  let all = 0

  return {
    /** The number of open streams and waiting requests. */
    count: () => all,
    /** Those of a workspace. */
    countOf: (workspace: string) => ofWorkspaces.get(workspace) ?? 0,

    /**
     * Opens one. Throws `rate_limited` when there are too many. Returns a function that closes it; calling that again
     * has no effect.
     */
    open({ type, id, workspace }: StreamHolder): () => void {
      const name = `${type} ${id}`
      const own = held.get(name) ?? 0
      const limit = type === 'key' ? perKey : perToken
      if (own >= limit) {
        const holder = type === 'key' ? 'API key' : 'watch token'
        throw tooMany(`This ${holder} has ${limit} streams and waiting requests open`)
      }
      if (all >= total) throw tooMany(`The server has ${total} streams and waiting requests open`)
      add(held, name, 1)
      add(ofWorkspaces, workspace, 1)
      all += 1
      let open = true
      return () => {
        if (!open) return
        open = false
        all -= 1
        add(held, name, -1)
        add(ofWorkspaces, workspace, -1)
      }
    },
  }
}

function add(counts: Map<string, number>, name: string, change: number): void {
  const count = (counts.get(name) ?? 0) + change
  if (count > 0) counts.set(name, count)
  else counts.delete(name)
}

function tooMany(what: string) {
  const message = `${what}, and that is the most: close some, or send the request in the background and read its task without \`wait\`.`
  return rateLimited(['streams'], message, limits.streamRetry / 1_000)
}
