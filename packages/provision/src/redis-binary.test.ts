import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from 'vitest'
import { redisBinary } from './redis-binary.ts'

const test = base.extend('machine', async ({}, { onCleanup }) => {
  const root = await mkdtemp(join(tmpdir(), 'longhaul-machine-'))
  onCleanup(() => rm(root, { recursive: true, force: true }))
  const lines: string[] = []
  const path = [join(root, 'first'), join(root, 'second')].join(':')
  return {
    root,
    lines,
    find: () => redisBinary({ path, tools: join(root, 'tools'), say: (line) => lines.push(line) }),
    install: async (place: string, banner: string) => {
      const file = join(root, place)
      await mkdir(join(file, '..'), { recursive: true })
      await writeFile(file, `#!/bin/sh\necho '${banner}'\n`)
      await chmod(file, 0o755)
      return file
    },
  }
})

test('the redis-server on PATH is taken before any other', async ({ machine }) => {
  await machine.install('first/valkey-server', 'Valkey server v=8.1.0 sha=0')
  await machine.install('tools/redis/usr/bin/redis-server', 'Redis server v=7.0.15 sha=0')
  const command = await machine.install('second/redis-server', 'Redis server v=8.2.1 sha=0')
  expect(await machine.find()).toEqual({ command, libraries: undefined, version: '8.2.1' })
  expect(machine.lines).toEqual([])
})

test('an old version is skipped, with a line that states it', async ({ machine }) => {
  const old = await machine.install('first/redis-server', 'Redis server v=6.0.16 sha=0')
  const command = await machine.install('first/valkey-server', 'Valkey server v=7.2.5 sha=0')
  expect(await machine.find()).toMatchObject({ command })
  expect(machine.lines).toEqual([expect.stringContaining(`${old}: version 6.0.16 is older`)])
})

test('a version that was unpacked before is used with its own libraries', async ({ machine }) => {
  const command = await machine.install(
    'tools/redis/usr/bin/redis-server',
    'Redis server v=7.0.15 sha=0',
  )
  await mkdir(join(machine.root, 'tools/redis/usr/lib/x86_64-linux-gnu'), { recursive: true })
  const found = await machine.find()
  expect(found?.command).toBe(command)
  expect(found?.libraries?.split(':')[0]).toMatch(/usr\/lib\/x86_64-linux-gnu$/)
})

test('a program that does not run is ignored', async ({ machine }) => {
  await machine.install('first/redis-server', 'not a version')
  expect(await machine.find()).toBeUndefined()
})
