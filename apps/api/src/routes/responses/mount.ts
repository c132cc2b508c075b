import type { Base, Dialect, Named } from '../../dialects/dialect.ts'
import { dialects } from '../../dialects/index.ts'
import type { Call, Route } from '../../route.ts'

/** A base path of a dialect, at which routes are served. */
export type Mount = {
  base: Base
  dialect: Dialect
  /** The other dialects whose bodies the path also accepts. */
  guests: Dialect[]
}

/** Mounts a route at every base path of every dialect. */
export function atEachBase(route: (mount: Mount) => Route): Route[] {
  return dialects.flatMap((dialect) =>
    dialect.bases.map((base) => {
      const guests = base.takesAll ? dialects.filter((other) => other !== dialect) : []
      return route({ base, dialect, guests })
    }),
  )
}

/** The response or the task in the path of a call. */
export function namedAt({ id }: Base, { workspace, params }: Call): Named {
  const agent = params['agent_key']
  return { workspace, ...(agent !== undefined && { agent }), id: params[id] ?? '' }
}
