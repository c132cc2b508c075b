/** Where responses of this dialect are served, and what stands before their operations' names. */
export const bases = [
  { path: '/v1/responses', name: 'Open' },
  { path: '/v3/router/responses', name: 'Router' },
] as const

/** The response that a path of these names. */
export function namedIn({
  workspace,
  params,
}: {
  workspace: string
  params: Record<string, string>
}): { workspace: string; id: string } {
  return { workspace, id: params['response_id'] ?? '' }
}
