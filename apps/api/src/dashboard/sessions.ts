import { hash, randomBytes } from 'node:crypto'
import { limits, LonghaulError, type UsedLinks } from '@longhaul/core'
import { createVault, type Vault } from '@longhaul/outbound'
import type { Request } from 'express'
import { z } from 'zod'
import { isSameOrigin } from './same-origin.ts'

/** A signed-in browser: the key that it acts with, until a time (epoch milliseconds). */
export type Session = z.infer<typeof Session>
const Session = z.object({
  type: z.enum(['key', 'operator']),
  bearer: z.string(),
  until: z.number(),
})

const Link = z.object({ bearer: z.string(), until: z.number() })

export type Sessions = ReturnType<typeof createSessions>

export const cookieName = 'longhaul_session'
const cookiePattern = new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`)

const contexts = { session: 'dashboard/session', link: 'dashboard/link' }

type Options = { vault: Vault; usedLinks: UsedLinks; now: () => number }

/**
 * The sessions of the dashboard. Nothing is stored: the cookie has the key, sealed with the secret key of the
 * installation or, without one, with a key of this process. So a session is valid as long as its key.
 */
export function createSessions({ vault, usedLinks, now }: Options) {
  const { seal, open } = vault.available ? vault : createVault(randomBytes(32))

  /** Opens a text that this installation has sealed; undefined if it did not, or if its time is over. */
  function opened<T extends { until: number }>(
    schema: z.ZodType<T>,
    sealed: string,
    context: string,
  ): T | undefined {
    let text: string
    try {
      text = open(sealed, context)
    } catch {
      return undefined
    }
    const value = schema.parse(JSON.parse(text))
    return value.until > now() ? value : undefined
  }

  return {
    /** The value of the cookie of a new session. */
    start(caller: Omit<Session, 'until'>): { cookie: string; session: Session } {
      const session = { ...caller, until: now() + limits.session.lifetime }
      return { cookie: seal(JSON.stringify(session), contexts.session), session }
    },

    /**
     * The session of a request without a key; undefined if it has none. Throws `unauthorized` if a page of another
     * origin has sent the request.
     */
    of(request: Request): Session | undefined {
      const { authorization, cookie } = request.headers
      if (authorization !== undefined || cookie === undefined) return undefined
      const [, sealed] = cookiePattern.exec(cookie) ?? []
      const session = sealed && opened(Session, sealed, contexts.session)
      if (!session) return undefined
      if (isSameOrigin(request)) return session
      throw new LonghaulError(
        'unauthorized',
        'A session of the dashboard is valid for pages of this server only.',
      )
    },

    /** The text of a link that starts a session with a key, once. */
    createLink(bearer: string): { token: string; expiresAt: number } {
      const until = now() + limits.session.link
      return { token: seal(JSON.stringify({ bearer, until }), contexts.link), expiresAt: until }
    },

    /** The key of a link that is used for the first time; undefined for any other text. */
    async useLink(token: string): Promise<string | undefined> {
      const link = opened(Link, token, contexts.link)
      if (link === undefined) return undefined
      const isFirst = await usedLinks.use(hash('sha256', token), limits.session.link)
      return isFirst ? link.bearer : undefined
    },
  }
}
