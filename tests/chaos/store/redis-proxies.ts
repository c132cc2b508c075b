import { type FlakyProxy, startFlakyProxy } from '@longhaul/testbed/servers'
import type { ChaosRedis } from './redis-form.ts'

/** One process's connections to Redis. */
export type RedisProxies = {
  /** The `REDIS_URL` of the process. */
  url: string
  /** The ports of the servers to which the process would connect, with those of their proxies. */
  routes: Record<string, number>
  /** All its proxies together. */
  proxy: Omit<FlakyProxy, 'url' | 'lead'>
}

/**
 * Starts the proxies of one process. A single server has one, whose address is in the URL. The servers of the other
 * forms name each other, so the process replaces the ports itself.
 */
export async function startRedisProxies({ form, url, ports }: ChaosRedis): Promise<RedisProxies> {
  if (form === 'server') {
    const proxy = await startFlakyProxy(url)
    return { url: proxy.url, routes: {}, proxy }
  }
  const proxies = await Promise.all(
    ports.map((port) => startFlakyProxy(`redis://127.0.0.1:${port}`)),
  )
  const routes = Object.fromEntries(
    ports.map((port, place) => [port, Number(new URL(proxies[place]?.url ?? '').port)]),
  )
  return { url, routes, proxy: combined(proxies) }
}

function combined(proxies: FlakyProxy[]): RedisProxies['proxy'] {
  return {
    reset: () => proxies.forEach((proxy) => proxy.reset()),
    delay: (ms) => proxies.forEach((proxy) => proxy.delay(ms)),
    hold() {
      const releases = proxies.map((proxy) => proxy.hold())
      return () => releases.forEach((release) => release())
    },
    swallow: (on) => proxies.forEach((proxy) => proxy.swallow(on)),
    swallowReplies: (on) => proxies.forEach((proxy) => proxy.swallowReplies(on)),
    async refuse(on) {
      await Promise.all(proxies.map((proxy) => proxy.refuse(on)))
    },
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()))
    },
  }
}
