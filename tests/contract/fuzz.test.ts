import { keyFor, startCluster, type Cluster, test as base, volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { createReplyValidator, type Received } from './validate-reply.ts'
import { readOpenApiOperations } from './openapi-document.ts'
import { requestsTo, type Sent } from './random-requests.ts'
import { createSeedData } from './seed-data.ts'

const test = base.extend('cluster', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
  const cluster = await startCluster({
    redisUrl,
    env: {
      LONGHAUL_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
    },
  })
  onCleanup(() => cluster.kill())
  return cluster
})

const atOnce = 16
/** How many batches of requests one operation may need to have had both kinds of reply. */
const furtherBatches = 60
const numRuns = volume({ short: 320, long: 2_000 }) / atOnce

test('every reply to a random request is described in the document, and is no server error', async ({
  cluster,
}) => {
  const all = await readOpenApiOperations(cluster.url)
  const operations = all.filter(({ operationId }) => !leftOut.has(operationId))
  const described = createReplyValidator()
  const seen = new Map(operations.map(({ operationId }) => [operationId, new Set<string>()]))

  const seedData = await createSeedData(cluster)
  const choices = operations.map((operation) => {
    const { operationId } = operation
    const fresh = (body: object) => ({ ...body, ...seedData.fresh(operationId, body) })
    const pools = seedData.pools(operationId)
    // Operations with more variation are tested more often.
    const weight = operation.requestBody ? 4 : operation.parameters ? 2 : 1
    return { operation, weight, arbitrary: requestsTo(operation, { pools, fresh }) }
  })
  const checkAll = (batch: Sent[]) =>
    Promise.all(
      batch.map(async (sent) => {
        const received = await send(cluster, sent)
        const operation = operations.find(({ operationId }) => operationId === sent.operationId)
        const ours = received.status >= 500
        const problem = ours ? 'a failure of ours' : described(operation, received)
        if (problem !== undefined) throw new Error(`${problem}\n${show(sent, received)}`)
        seen.get(sent.operationId)?.add(received.status < 400 ? 'taken' : 'refused')
      }),
    )
  const requests = fc.oneof(...choices)
  const batches = fc.array(requests, { minLength: atOnce, maxLength: atOnce })
  const property = fc.asyncProperty(batches, async (batch) => void (await checkAll(batch)))
  // A failure prints the seed: `{ seed, path }` repeats it.
  await fc.assert(property, { numRuns, endOnFailure: true })

  // Further requests are sent until every operation has had both kinds of reply.
  for (const { operation, arbitrary } of choices) {
    const { operationId, parameters = [], requestBody } = operation
    const kinds = seen.get(operationId)
    // If only the key can be wrong, a refusal may not come for long.
    const wanted = parameters.length === 0 && requestBody === undefined ? 1 : 2
    for (let seed = 0; seed < furtherBatches; seed += 1) {
      if (kinds?.has('taken') && kinds.size >= wanted) break
      await checkAll(fc.sample(arbitrary, { numRuns: atOnce, seed }))
    }
    const complete = kinds?.has('taken') && kinds.size >= wanted
    expect([operationId, [...(kinds ?? [])], complete]).toEqual([
      operationId,
      [...(kinds ?? [])],
      true,
    ])
  }
})

/** Operations that are left out: a reply that is not JSON, and one that delays all others. */
const leftOut = new Set(['metrics', 'adminPause'])

async function send(cluster: Cluster, { method, path, authorized, body }: Sent): Promise<Received> {
  // A stream that follows future turns has no end.
  const url = cluster.url + path.replace('follow=turns', 'follow=')
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${authorized ? keyFor(path) : 'nobody'}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  })
  const type = response.headers.get('content-type')
  return { status: response.status, type, text: await response.text() }
}

function show({ method, path, body }: Sent, { status, text }: Received): string {
  return `${method} ${path}\n${body ?? '(no body)'}\n${status} ${text}`
}
