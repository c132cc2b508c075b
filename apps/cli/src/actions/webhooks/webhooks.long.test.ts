import { startScriptedServer } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { script, startCommand, test } from '../../run-command.fixture.ts'

type Event = { id: string; type: string; data: Record<string, unknown> }
const eventsIn = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event)

test('events arrive verified, a forged one is refused, and the endpoint is removed', async ({
  start,
  longhaul,
}) => {
  const { child, ended } = await start(['webhooks', 'listen', '--event', 'response.*', '--json'])
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  await expect.poll(stderr).toContain('Ctrl-C ends this')
  const [, endpoint = '', port = ''] = /endpoint (\S+) leads to port (\d+)/.exec(stderr()) ?? []
  const forged = { method: 'POST', body: '{"id":"evt_1","type":"response.completed","data":{}}' }
  expect((await fetch(`http://127.0.0.1:${port}/`, forged)).status).toBe(400)
  const ran = await longhaul(['run', 'plain', script({ text: 'Hi' }), '--json', '--wait'])
  const { task_id: task } = JSON.parse(ran.stdout) as { task_id: string }
  await expect.poll(() => eventsIn(stdout()).length).toBe(2)
  const listed = await longhaul(['webhooks', 'list'])
  expect(listed.stdout).toContain(endpoint)
  child.kill('SIGINT')
  const { code, stdout: lines, stderr: notes } = await ended
  expect(code).toBe(130)
  expect(notes).toContain('a request was refused: it has no signature')
  const events = eventsIn(lines)
  expect(events.map(({ type }) => type).toSorted()).toEqual([
    'response.completed',
    'response.started',
  ])
  expect(events.map(({ data }) => data['task_id'])).toEqual([task, task])
  expect((await longhaul(['webhooks', 'get', endpoint])).code).toBe(4)
})

test('an endpoint is created, read, rotated and deleted, and its events are sent again', async ({
  start,
  longhaul,
}) => {
  const words = ['webhooks', 'create', 'http://127.0.0.1:9/', '-e', 'response.completed']
  const created = await longhaul(words)
  expect(created.code).toBe(0)
  const { id, signing_secret: first } = JSON.parse(created.stdout) as Record<string, string>
  const rotated = JSON.parse((await longhaul(['webhooks', 'rotate', id ?? ''])).stdout)
  const secret = rotated.signing_secret as string
  expect(secret).toMatch(/^whsec_/)
  expect(secret).not.toBe(first)
  const { stdout: got } = await longhaul(['webhooks', 'get', id ?? ''])
  expect(JSON.parse(got)).toMatchObject({ id, event_types: ['response.completed'] })
  expect(got).not.toContain(secret)

  await longhaul(['run', 'plain', script({ text: 'Hi' })])
  const deliveries = ['webhooks', 'deliveries', id ?? '']
  await expect
    .poll(async () => (await longhaul(deliveries)).stdout)
    .toMatch(/response\.completed +pending +1 /)
  const { stdout: all } = await longhaul([...deliveries, '--since', '1h', '--json'])
  const [delivery] = JSON.parse(all) as { id: string }[]
  const one = await longhaul([...deliveries, delivery?.id ?? ''])
  expect(JSON.parse(one.stdout)).toMatchObject({ attempts: [{ error: expect.any(String) }] })
  expect((await longhaul([...deliveries, '--status', 'delivered'])).stdout).toBe('')

  const env = { WEBHOOK_SECRET: secret }
  const listening = ['webhooks', 'listen', '--endpoint', id ?? '', '--count', '1']
  expect((await longhaul(listening)).code).toBe(2)
  const { child, ended } = await start(listening, { env })
  const stderr = collect(child.stderr)
  await expect.poll(stderr).toContain('Ctrl-C ends this')
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, stdout: '' })
  const again = await longhaul(['webhooks', 'redeliver', id ?? '', delivery?.id ?? ''])
  expect(again.stdout).toBe(`${delivery?.id} is sent again\n`)
  expect((await longhaul(['webhooks', 'delete', id ?? ''])).code).toBe(2)
  expect((await longhaul(['webhooks', 'delete', id ?? '', '--yes'])).code).toBe(0)
  expect((await longhaul(['webhooks', 'get', id ?? ''])).code).toBe(4)
})

test('an endpoint is changed, tested and recovered', async ({ longhaul, cluster }) => {
  const created = await longhaul(['webhooks', 'create', 'http://127.0.0.1:9/', '--output'])
  const { id } = JSON.parse(created.stdout) as { id: string }
  expect((await longhaul(['webhooks', 'update', id])).code).toBe(2)
  const words = ['--name', 'shop', '--event', 'agent.*', '--without-output', '--disable']
  const changed = await longhaul(['webhooks', 'update', id, ...words])
  expect(JSON.parse(changed.stdout)).toMatchObject({
    name: 'shop',
    event_types: ['agent.*'],
    include: [],
    enabled: false,
  })
  const silent = await longhaul(['webhooks', 'test', id])
  expect([silent.code, silent.stdout]).toEqual([1, ''])
  const receiver = await startScriptedServer()
  receiver.reply(() => ({ status: 204 }))
  onTestFinished(() => receiver.close())
  await longhaul(['webhooks', 'update', id, '--enable', '--address', receiver.url])
  const tested = await longhaul(['webhooks', 'test', id, '--event', 'agent.created'])
  expect(tested).toMatchObject({ code: 0, stdout: `${id} has answered 204\n` })

  expect((await longhaul(['webhooks', 'recover', id])).code).toBe(2)
  await longhaul(['webhooks', 'update', id, '--event', 'response.completed', '--disable'])
  await longhaul(['run', 'plain', script({ text: 'Hi' })])
  await longhaul(['webhooks', 'update', id, '--enable'])
  const missing = ['webhooks', 'recover', id, '--since', '1h', '--missing']
  expect((await longhaul(missing)).stdout).toMatch(/^\d+ events? (?:is|are) sent again\n$/)
  const deliveries = ['webhooks', 'deliveries', id, '--status', 'delivered', '--ids']
  await expect.poll(async () => (await longhaul(deliveries)).stdout).not.toBe('')
  expect((await longhaul(['webhooks', 'recover', id, '--since', '1h'])).stdout).toBe(
    '0 events are sent again\n',
  )
  await cluster.call('DELETE', `/v1/webhook_endpoints/${id}`)
})

test('what cannot receive events is refused with what to do, and nothing is left', async ({
  cluster,
  home,
  longhaul,
}) => {
  const refused = await longhaul(['webhooks', 'listen', '--address', 'http://10.0.0.1/'])
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toContain('LONGHAUL_EGRESS_ALLOW=127.0.0.1')
  const far = { home, url: 'http://longhaul.invalid', key: cluster.key }
  const away = await (await startCommand(['webhooks', 'listen'], far)).ended
  expect([away.code, away.stdout]).toEqual([2, ''])
  expect(away.stderr).toContain('Give --address')
  expect((await longhaul(['webhooks', 'listen', '--event', 'nothing'])).code).toBe(2)
  const port = new URL(cluster.url).port
  const taken = await longhaul(['webhooks', 'listen', '--port', port])
  expect(taken.stderr).toContain(`port ${port} cannot be used (EADDRINUSE)`)
  // The sample event goes to the address, where nobody answers.
  const lost = await longhaul(['webhooks', 'listen', '--test', '--address', 'http://127.0.0.1:9/'])
  expect([lost.code, lost.stdout]).toEqual([1, ''])
  expect(lost.stderr).toContain('the sample event did not arrive')
  expect((await longhaul(['webhooks', 'list', '--json'])).stdout).toBe('[]\n')
})

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () => text
}
