import { rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'

/** Who holds a request open: an API key, or a watch token. */
export type StreamHolder = { type: 'key' | 'token'; id: string }

export type OpenStreams = ReturnType<typeof createOpenStreams>

/** Counts the streams and waiting requests that are open in this process, in all and by their holders. */
export function createOpenStreams(
  given: Partial<Record<keyof typeof limits.streams, number>> = {},
) {
  const { perKey, perToken, total } = { ...limits.streams, ...given }
  const held = new Map<string, number>()
  let all = 0

  return {
    /** How many are open. */
    count: () => all,

    /** Opens one; throws `rate_limited` when there are too many. Returns what closes it, once. */
    open({ type, id }: StreamHolder): () => void {
      const name = `${type} ${id}`
      const own = held.get(name) ?? 0
      const most = type === 'key' ? perKey : perToken
      if (own >= most) {
        const holder = type === 'key' ? 'API key' : 'watch token'
        throw tooMany(`This ${holder} has ${most} streams and waiting requests open`)
      }
      if (all >= total) throw tooMany(`The server has ${total} streams and waiting requests open`)
      held.set(name, own + 1)
      all += 1
      let open = true
      return () => {
        if (!open) return
        open = false
        all -= 1
        const left = (held.get(name) ?? 0) - 1
        if (left > 0) held.set(name, left)
        else held.delete(name)
      }
    },
  }
}

function tooMany(what: string) {
  const message = `${what}, and that is the most: close some, or send the request in the background and read its task without \`wait\`.`
  return rateLimited(['streams'], message, limits.streamRetry / 1_000)
}
