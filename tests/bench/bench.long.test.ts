import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const main = 'tests/bench/main.ts'

test('each bench against a reference runs and prints its ratio', async () => {
  const { stdout } = await run(process.execPath, [main, 'accept', 'turn', '--quick'])

  for (const what of ['requests a second', 'p50, ms', 'turns \\(jobs\\) a second']) {
    expect(stdout).toMatch(new RegExp(`^${what} +[\\d,.]+ +[\\d,.]+ +\\d+\\.\\d\\d `, 'm'))
  }
  expect(stdout).toMatch(/round trips before the reply: [12] /)
  await Promise.all([isSaved('accept'), isSaved('turn')])
})

test('each bench against the naive service runs and prints its ratio', async () => {
  const names = ['retrieve', 'sync', 'background', 'steps', 'memory']
  const { stdout } = await run(process.execPath, [main, ...names, '--quick'])

  const figures = [
    'requests a second',
    '32 clients: runs a second',
    'alone: p50, ms',
    'runs a second',
    '100 at once: steps a second',
    '500 at once: steps a second',
    'bytes of a waiting task',
    'bytes of an ended task',
  ]
  for (const what of figures) {
    expect(stdout).toMatch(new RegExp(`^${what} +[\\d,.]+ +[\\d,.]+ +\\d+\\.\\d\\d `, 'm'))
  }
  await Promise.all(names.map(isSaved))
})

test('the bench of streams runs and prints its figures', async () => {
  const { stdout } = await run(process.execPath, [main, 'stream', '--quick'])

  for (const what of ['ten tasks: events a second', 'a task each: events a second']) {
    expect(stdout).toMatch(new RegExp(`^${what} +[\\d,.]+ +[\\d,.]+ +\\d+\\.\\d\\d `, 'm'))
  }
  expect(stdout).toMatch(/added latency p50 -?[\d.]+ ms, p99 -?[\d.]+ ms/)
  expect(stdout).toMatch(/memory of an idle client: -?[\d.]+ KB/)
  expect(stdout).toMatch(/memory while clients come and go: -?[\d.]+ MB a minute/)
  await isSaved('stream')
})

test('the bench of recoveries runs and prints its times', async () => {
  const { stdout } = await run(process.execPath, [main, 'recovery', '--quick'])

  for (const what of ['kill -9 → asked by', 'SIGTERM, end of the step →', 'SIGTERM → exit, ms']) {
    expect(stdout).toMatch(
      new RegExp(`^${what}.+? +[1-9]\\d* +[\\d,]+ +[\\d,]+ +[\\d,]+ +[\\d,]+ \\(`, 'm'),
    )
  }
  await isSaved('recovery')
})

test('the bench of peers prints the ratio of each peer, or why it was left out', async () => {
  const { stdout } = await run(process.execPath, [main, 'peers', '--quick'])

  for (const peer of ['LangGraph.js', 'Mastra']) {
    const ratio = String.raw`^${peer}: 32 clients: runs a second +[\d,.]+ +[\d,.]+ +\d+\.\d\d `
    expect(stdout).toMatch(new RegExp(`${ratio}|${peer} was left out: `, 'm'))
  }
  await isSaved('peers')
})

test('the benches of the backlog run and print their figures', async () => {
  const words = [main, 'fairness', 'overload', 'backlog', '--quick']
  const { stdout } = await run(process.execPath, words)

  for (const what of ['a turn alone, ms', 'a turn beside 200 queued ones, ms', 'accepted, ms']) {
    expect(stdout).toMatch(
      new RegExp(`^${what} +[1-9]\\d* +[\\d,]+ +[\\d,]+ +[\\d,]+ +[\\d,]+ \\(`, 'm'),
    )
  }
  for (const what of ['submit behind 1,000', 'turn among 20 workspaces', 'turn among 1,000 keys'])
    expect(stdout).toMatch(new RegExp(`^${what} .+ +\\d+\\.\\d\\d `, 'm'))
  expect(stdout).toMatch(/bytes of an entry: \d+/)
  expect(stdout).not.toContain('BROKEN')
  await Promise.all([isSaved('fairness'), isSaved('overload'), isSaved('backlog')])
})

test('the benches of workers, shards and failovers run and print their figures', async () => {
  const { stdout } = await run(process.execPath, [main, 'scale', 'failover', '--quick'])

  for (const what of ['2 workers: runs a second', '8 workers: Redis commands a run'])
    expect(stdout).toMatch(new RegExp(`^${what} +[\\d,.]+ +[\\d,.]+ +\\d+\\.\\d\\d `, 'm'))
  expect(stdout).toMatch(/^cluster, shards: 3: runs a second +[\d,.]+ /m)
  expect(stdout).toMatch(
    /no setting, replica cut off for 500 ms: [1-9]\d* of \d+ accepted tasks lost/,
  )
  expect(stdout).not.toContain('BROKEN')
  await Promise.all([isSaved('scale'), isSaved('failover')])
})

test('the bench of webhooks runs and prints its times', async () => {
  const { stdout } = await run(process.execPath, [main, 'webhooks', '--quick'])

  for (const what of ['an event alone, ms', 'an event beside 200 events of a receiver']) {
    expect(stdout).toMatch(new RegExp(`^${what}.*? +[1-9]\\d* +[\\d,]+ +[\\d,]+ +[\\d,]+ `, 'm'))
  }
  await isSaved('webhooks')
})

test('the benches against another version install it, print ratios and remove it', async () => {
  const words = [main, 'accept', 'turn', '--quick', '--against', 'HEAD']
  const { stdout } = await run(process.execPath, words)

  const figures = ['requests a second', 'p50, ms', 'turns a second', 'CPU of the worker, µs each']
  for (const what of [...figures, 'Redis commands each']) {
    const cells = String.raw`[\d,.]+ +[\d,.]+ +\d+\.\d{3} +\d+\.\d{3} – \d+\.\d{3}$`
    expect(stdout).toMatch(new RegExp(`^${what} +${cells}`, 'm'))
  }
  await Promise.all([isSaved('accept-against'), isSaved('turn-against')])
  const folder = /installing HEAD \(\w{7}\) in (\S+)/.exec(stdout)?.[1] ?? ''
  expect(folder).toContain('longhaul-version-')
  expect(existsSync(folder)).toBe(false)
})

test('a bench without a comparison is refused with the names of those that have one', async () => {
  const words = [main, 'stream', '--against', 'HEAD']
  await expect(run(process.execPath, words)).rejects.toMatchObject({
    code: 1,
    stderr: 'no bench of versions is named stream: there are accept, turn\n',
  })
})

test('an unknown bench is refused with the names of all benches', async () => {
  await expect(run(process.execPath, [main, 'nonsense'])).rejects.toMatchObject({
    code: 1,
    stderr:
      'no bench is named nonsense: there are accept, retrieve, sync, background, steps, memory, turn, stream, recovery, profile, fairness, overload, backlog, scale, failover, webhooks, help, peers\n',
  })
})

async function isSaved(name: string): Promise<void> {
  const report: unknown = JSON.parse(await readFile(`.data/bench/${name}.quick.json`, 'utf8'))
  expect(report).toMatchObject({ quick: true })
}
