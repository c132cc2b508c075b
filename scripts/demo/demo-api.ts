type Options = { url: string; key: string; signal: AbortSignal }

/** A message for an agent of the demo, with other fields of the request. */
export type DemoTask = { to: string; text: string } & Record<string, unknown>

export type DemoApi = ReturnType<typeof createDemoApi>

/** The calls of the public API by which the demo fills a workspace. */
export function createDemoApi({ url, key, signal }: Options) {
  async function call(path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal,
    })
    const reply = (await response.json()) as Record<string, unknown>
    // An agent of an earlier demo stays as it is.
    if (response.ok || response.status === 409) return reply
    throw new Error(`the demo was refused with ${response.status}: ${String(reply['message'])}`)
  }

  return {
    signal,
    createAgent: (agent: object) => call('/v2/agents', agent),

    /** Submits a task. Returns its id. */
    async submit({ to, text, ...more }: DemoTask): Promise<string> {
      const message = { role: 'user', parts: [{ kind: 'text', text }] }
      const request = { message, background: true, ...more }
      return String((await call(`/v2/agents/${to}/responses`, request))['task_id'])
    },

    cancel: (agent: string, id: string) => call(`/v2/agents/${agent}/responses/${id}/cancel`, {}),

    /** The number of tasks that a worker runs now, at most 100. */
    async running(): Promise<number> {
      const { data } = await call('/v2/responses?state=running&limit=100')
      return Array.isArray(data) ? data.length : 0
    },
  }
}
