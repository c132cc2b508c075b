import type { Attack, Prepare } from '../attack.ts'
import { summary } from '../replies.ts'

/** A model id that leads the operator's key to another path of the vendor's host. */
function traverse(id: string): Prepare {
  return ({ alpha, google }) =>
    Promise.resolve(async () => {
      const reply = await alpha.call('POST', '/v1/responses', { model: id, input: 'hi' })
      const sent = new Set(google.requests.map(({ method, path }) => `${method} ${path}`))
      const led = [...sent].filter((line) => !/^POST \/(v1beta\/)?models\/[^/?]+:/.test(line))
      return {
        seen: summary([reply]),
        wrong: led.map((line) => `the operator's key was sent to ${line}`),
      }
    })
}

export const modelIds: Attack = {
  name: 'model-ids',
  does: 'sends the operator’s key to other paths through the id of a model',
  variants: {
    'dots and a fragment': traverse('google/x/../../../internal/reload#'),
    'dots and a query': traverse('google/models/../../admin/delete-everything?x='),
    'encoded dots': traverse('google/%2e%2e/%2e%2e/x'),
  },
}
