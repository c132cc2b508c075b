import { hashedName } from '@longhaul/core'

/** The namespace of functions that have no other one. Some clients name it. */
const usualNamespace = 'functions'

/**
 * The name of a client's tool for models, whose names have no namespaces. It depends only on the tool, so a
 * conversation keeps it in every turn.
 */
export function modelName(name: string, namespace?: string): string {
  if (namespace === undefined || namespace === usualNamespace) return name
  const joined = `${namespace}${namespace.endsWith('__') ? '' : '__'}${name}`
  return /^[A-Za-z0-9_-]{1,64}$/.test(joined) ? joined : hashedName(joined, joined)
}

/** The namespace with which the calls of a tool are returned. */
export function shownNamespace(namespace: string | undefined): { namespace?: string } {
  return namespace === undefined || namespace === usualNamespace ? {} : { namespace }
}
