/** The death of a simulated process. */
export class Killed extends Error {}

/** A simulated process that dies, and freezes, at some of its calls to the store: before or after the store has the call. */
export type Life = ReturnType<typeof createLife>

export function createLife({ diesAt, freezesAt }: { diesAt: number; freezesAt: number }) {
  let [calls, isDead, isFrozen] = [0, false, false]
  const froze = Promise.withResolvers<void>()
  const thawed = Promise.withResolvers<void>()
  return {
    isDead: () => isDead,
    isFrozen: () => isFrozen,
    froze: froze.promise,
    thaw(): void {
      isFrozen = false
      thawed.resolve()
    },
    async step(): Promise<void> {
      calls += 1
      if (calls >= diesAt) isDead = true
      if (isDead) throw new Killed()
      if (calls === freezesAt) {
        isFrozen = true
        froze.resolve()
      }
      if (isFrozen) await thawed.promise
    },
  }
}

/** The same port, whose calls end with the life of their process. */
export function mortal<T extends object>(port: T, life: Life): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return async (...words: unknown[]) => {
        await life.step()
        const reply: unknown = await Reflect.apply(value, target, words)
        await life.step()
        return reply
      }
    },
  })
}
