import { limits } from '@longhaul/core'
import { lookup } from 'node:dns/promises'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startNameServer } from './name-server.fixture.ts'
import { createNameResolver } from './names.ts'

const never = new AbortController().signal

/** System files for one test. */
function systemWith({ hosts = '', configuration = '' }) {
  const folder = mkdtempSync(join(tmpdir(), 'names-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const files = { hosts: join(folder, 'hosts'), configuration: join(folder, 'resolv.conf') }
  writeFileSync(files.hosts, hosts)
  writeFileSync(files.configuration, configuration)
  return files
}

describe('a name', () => {
  test('has the IPv4 and IPv6 addresses that a name server returns', async () => {
    const { address, asked } = await startNameServer(() => ['1.2.3.4', '2606:4700::1', '1.2.3.5'])
    const resolve = createNameResolver({ ...systemWith({}), servers: [address] }).of('w')
    const found = await resolve('API.example.com', never)
    expect(found.toSorted()).toEqual(['1.2.3.4', '1.2.3.5', '2606:4700::1'])
    expect(asked).toEqual(['api.example.com'])
  })

  test('has no address where the name server knows none', async () => {
    const { address } = await startNameServer((name) => (name === 'empty.test' ? [] : 'unknown'))
    const resolve = createNameResolver({ ...systemWith({}), servers: [address] }).of('w')
    expect(await resolve('empty.test', never)).toEqual([])
    expect(await resolve('unknown.test', never)).toEqual([])
  })

  test('of the hosts file needs no query', async () => {
    const hosts = '10.1.2.3 Tools.internal tools # ours\nfd00::5 tools.internal\n'
    const { address, asked } = await startNameServer(() => 'unknown')
    const resolve = createNameResolver({ ...systemWith({ hosts }), servers: [address] }).of('w')
    expect((await resolve('tools.INTERNAL.', never)).toSorted()).toEqual(['10.1.2.3', 'fd00::5'])
    expect(await resolve('tools', never)).toEqual(['10.1.2.3'])
    expect((await resolve('localhost', never)).toSorted()).toEqual(['127.0.0.1', '::1'])
    expect((await resolve('a.localhost', never)).toSorted()).toEqual(['127.0.0.1', '::1'])
    expect(asked).toEqual([])
  })

  test('is searched in the domains of the system, as in a cluster', async () => {
    const configuration = 'search team.svc.cluster.test svc.cluster.test\noptions ndots:5\n'
    const { address, asked } = await startNameServer((name) =>
      ['tools.team.svc.cluster.test', 'example.com'].includes(name) ? ['10.0.0.9'] : 'unknown',
    )
    const resolve = createNameResolver({ ...systemWith({ configuration }), servers: [address] }).of(
      'w',
    )
    expect(await resolve('tools', never)).toEqual(['10.0.0.9'])
    expect(await resolve('tools.team', never)).toEqual(['10.0.0.9'])
    expect(await resolve('example.com', never)).toEqual(['10.0.0.9'])
    expect(asked).toEqual([
      'tools.team.svc.cluster.test',
      'tools.team.team.svc.cluster.test',
      'example.com.team.svc.cluster.test',
      'example.com.svc.cluster.test',
      'example.com',
    ])
  })
})

test('the name of this machine has the addresses of the system, in the system’s order', async () => {
  const expected = await lookup('localhost', { all: true })
  const found = await createNameResolver().of('w')('localhost', never)
  expect(found).toEqual([...new Set(expected.map(({ address }) => address))])
})

const silentFor = (domain: string) => (name: string) =>
  name.endsWith(domain) ? ('silence' as const) : ['1.2.3.4']

describe('a name server that does not answer', () => {
  test('blocks a few look-ups of its workspace, and none of others', async () => {
    const { address, asked } = await startNameServer(silentFor('.alpha.test'))
    const names = createNameResolver({ ...systemWith({}), servers: [address] })
    const controller = new AbortController()
    const waiting = Array.from({ length: 32 }, (_, i) =>
      names.of('alpha')(`host${i}.alpha.test`, controller.signal),
    )
    await expect.poll(() => asked.length).toBe(limits.lookups.perWorkspace)
    for (let i = 0; i < 3; i += 1) {
      expect(await names.of('beta')(`host${i}.beta.test`, never)).toEqual(['1.2.3.4'])
    }
    expect(asked.filter((name) => name.endsWith('.alpha.test'))).toHaveLength(
      limits.lookups.perWorkspace,
    )
    // The threads that read files and look up all other names are free.
    expect(process.getActiveResourcesInfo()).not.toContain('GetAddrInfoReqWrap')
    controller.abort(new Error('the turn was cancelled'))
    for (const result of await Promise.allSettled(waiting)) {
      expect(result).toMatchObject({ reason: { message: 'the turn was cancelled' } })
    }
    expect(await names.of('alpha')('a.beta.test', never)).toEqual(['1.2.3.4'])
  })

  test('makes a host unreachable at the time limit', async () => {
    const { address } = await startNameServer(silentFor('.test'))
    const resolve = createNameResolver({ ...systemWith({}), servers: [address], timeMs: 100 }).of(
      'w',
    )
    await expect(resolve('a.test', never)).rejects.toMatchObject({
      reason: 'unreachable',
      message: 'no name server has told the address of a.test in time',
    })
  })
})
