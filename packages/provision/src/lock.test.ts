import { spawn } from 'node:child_process'
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from 'vitest'
import { endLeftover, recordProcess } from './leftover.ts'
import { takeLock } from './lock.ts'

const test = base
  .extend('file', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-lock-'))
    onCleanup(() => rm(folder, { recursive: true, force: true }))
    return join(folder, 'lock')
  })
  .extend('child', async ({}, { onCleanup }) => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const gone = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
    onCleanup(() => void child.kill('SIGKILL'))
    return { pid: child.pid!, gone }
  })

test('a lock is taken once, and again after its release', async ({ file }) => {
  const lock = await takeLock(file)
  expect(await takeLock(file)).toEqual({ heldBy: process.pid })
  if ('release' in lock) await lock.release()
  expect(await takeLock(file)).toHaveProperty('release')
})

test('when many processes want a stale lock at once, one gets it', async ({ file }) => {
  await writeFile(file, '4194305 1')
  const code = `
    const { takeLock } = await import(process.argv[1])
    const lock = await takeLock(process.argv[2])
    console.log('release' in lock ? 'taken' : 'refused')
    setInterval(() => {}, 1000)`
  const words = ['--input-type=module', '-e', code, join(import.meta.dirname, 'lock.ts'), file]
  const children = Array.from({ length: 6 }, () => spawn(process.execPath, words))
  const attempts = children.map(
    ({ stdout }) => new Promise((resolve) => stdout.once('data', resolve)),
  )
  const answers = (await Promise.all(attempts)).map(String)
  for (const child of children) child.kill('SIGKILL')
  expect(answers.filter((answer) => answer === 'taken\n')).toHaveLength(1)
})

test('a lock whose holder died is taken over', async ({ file, child }) => {
  await recordProcess(file, child.pid)
  expect(await takeLock(file)).toEqual({ heldBy: child.pid })
  process.kill(child.pid, 'SIGKILL')
  await child.gone
  expect(await takeLock(file)).toHaveProperty('release')
})

test('a lock whose process id was reused is taken over', async ({ file, child }) => {
  await writeFile(file, `${child.pid} at another time`)
  expect(await takeLock(file)).toHaveProperty('release')
  expect(await readFile(file, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
})

test('a process of an earlier run is ended', async ({ file, child }) => {
  await recordProcess(file, child.pid)
  await endLeftover(file)
  expect(await child.gone).toBe('SIGTERM')
})

test('another process with a reused process id is not touched', async ({ file, child }) => {
  await writeFile(file, `${child.pid} at another time`)
  await endLeftover(file)
  expect(process.kill(child.pid, 0)).toBe(true)
})
