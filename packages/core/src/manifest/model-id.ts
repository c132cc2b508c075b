import { limits } from '../limits/limits.ts'

/** The form of a model id, for messages to callers. */
export const modelIdForm = `provider/model, of letters, digits and . _ @ : - between slashes, at most ${limits.modelId} characters`

/** Whether a text has the form of a `provider/model` id. */
export function isModelId(id: string): boolean {
  return id.includes('/') && isModelName(id)
}

/**
 * Whether a model's name may be sent to its vendor. Some vendors expect it in the path of a URL, so a name must not
 * lead to another path or begin a query.
 */
export function isModelName(name: string): boolean {
  if (name.length > limits.modelId || name.includes('..')) return false
  return name.split('/').every((segment) => /^[\w.@:-]+$/.test(segment) && segment !== '.')
}
