import { type ComponentType, lazy } from 'react'

/** A page whose code is loaded when it is shown first. */
export function lazyPage<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  return lazy(async () => ({ default: await load() }))
}
