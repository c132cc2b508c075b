import { execFileSync } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startFlakyProxy, startScriptedServer } from '@longhaul/testbed'
import { spawn } from '@lydell/node-pty'
import { expect, onTestFinished } from 'vitest'
import { date, environment, program, script, startCommand, test } from './run-command.fixture.ts'

const slow = script({ text: ['one ', 'two ', 'three ', 'four'], chunkDelay: 150 })
const held = script({ text: ['one ', ...Array<string>(600).fill('more ')], chunkDelay: 100 })

test('a watch outlasts a server that is killed and started again, and shows each event once', async ({
  cluster,
  home,
  longhaul,
}) => {
  const first = await cluster.startApi()
  const proxy = await startFlakyProxy(first.url)
  onTestFinished(() => proxy.close())
  const { stdout: id } = await longhaul(['run', 'plain', slow, '--background'])
  const far = { home, url: proxy.url, key: cluster.key }
  const { child, ended } = await startCommand(
    ['tasks', 'watch', id.trim(), '--after', '0', '--json'],
    far,
  )
  await once(child.stdout, 'response.started')
  await first.kill()
  proxy.lead((await cluster.startApi()).url)
  const { code, stdout } = await ended
  expect(code).toBe(0)
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number; type: string })
  expect(events.at(-1)?.type).toBe('response.done')
  expect(events.map((event) => event.id)).toEqual([...new Set(events.map((event) => event.id))])
  const whole = await longhaul(['tasks', 'watch', id.trim(), '--after', '0', '--json'])
  expect(stdout).toBe(whole.stdout)
})

test('a pipe that closes early is no failure', async ({ start, longhaul }) => {
  const { stdout: id } = await longhaul(['run', 'plain', held, '--background'])
  const { child, ended } = await start(['tasks', 'watch', id.trim(), '--after', '0', '--json'])
  await once(child.stdout, 'response.started')
  child.stdout?.destroy()
  expect(await ended.catch(() => undefined)).toBeUndefined()
  await expect.poll(() => child.exitCode).toBe(0)
  await longhaul(['tasks', 'cancel', id.trim(), '--wait'])
})

test('the first Ctrl-C cancels the task of a run, and the exit code is 130', async ({
  start,
  longhaul,
}) => {
  const { child, ended } = await start(['run', 'plain', held, '--json'])
  await once(child.stdout, 'part.delta')
  child.kill('SIGINT')
  const { code, stdout, stderr } = await ended
  expect(code).toBe(130)
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  expect(last).toMatchObject({ type: 'task', task: { status: 'failed', error: 'cancelled' } })
  expect(stderr).toContain('Ctrl-C again leaves it')
  const { stdout: got } = await longhaul(['tasks', 'get', last.task.task_id, '--json'])
  expect(JSON.parse(got)).toMatchObject({ status: 'failed' })
})

test('a second Ctrl-C leaves at once, and a watch leaves the task alone', async ({
  cluster,
  home,
  longhaul,
}) => {
  const proxy = await startFlakyProxy(cluster.url)
  onTestFinished(() => proxy.close())
  const far = { home, url: proxy.url, key: cluster.key }
  const running = await startCommand(['run', 'plain', held, '--json'], far)
  await once(running.child.stdout, 'part.delta')
  // The cancel gets no reply.
  proxy.swallow(true)
  running.child.kill('SIGINT')
  await once(running.child.stderr, 'Ctrl-C again')
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(130)
  const { stdout: text } = await longhaul(['tasks', 'list', '--status', 'in_progress', '--json'])
  const [task] = JSON.parse(text) as { task_id: string }[]
  const id = task?.task_id ?? ''
  const watching = await startCommand(['tasks', 'watch', id, '--json'], {
    ...far,
    url: cluster.url,
  })
  await once(watching.child.stdout, 'part.delta')
  watching.child.kill('SIGINT')
  expect((await watching.ended).code).toBe(130)
  const { body } = await cluster.call('GET', `/v2/responses/${id}`)
  expect(body).toMatchObject({ status: 'in_progress' })
  await longhaul(['tasks', 'cancel', id, '--wait'])
})

test('no server, a slow server and a late end have their exit codes', async ({
  home,
  cluster,
  longhaul,
}) => {
  const silent = await startScriptedServer()
  silent.reply(() => ({ fault: 'reset' }))
  onTestFinished(() => silent.close())
  const far = { home, url: silent.url, key: cluster.key }
  const gone = await (await startCommand(['tasks', 'list'], far)).ended
  expect([gone.code, gone.stdout]).toEqual([1, ''])
  expect(gone.stderr).toContain('cannot be reached')
  const mute = await startScriptedServer()
  mute.reply(() => ({ fault: 'hang' }))
  onTestFinished(() => mute.close())
  const words = ['tasks', 'list', '--url', mute.url, '--request-timeout', '50ms']
  const waited = await longhaul(words)
  expect([waited.code, waited.stdout]).toEqual([5, ''])
  expect(waited.stderr).toContain('did not reply in time')
  expect((await longhaul([...words.slice(0, -1), 'soon'])).code).toBe(2)
  const late = await longhaul(['run', 'careful', script(date, {}), '--timeout', '500ms'])
  expect([late.code, late.stdout]).toEqual([5, ''])
  expect(late.stderr).toContain('It continues.')
})

test('agents are applied with a diff, and a second time nothing changes', async ({
  longhaul,
  home,
}) => {
  const file = join(home, 'agents.yaml')
  await writeFile(file, manifest('Be brief.'))
  const words = ['agents', 'apply', '-f', 'agents.yaml']
  const dry = await longhaul([...words, '--dry-run'])
  expect(dry.stdout).toMatch(/^agent applied would be created\n/)
  expect((await longhaul(['agents', 'get', 'applied'])).code).toBe(4)
  expect((await longhaul(words)).stdout).toMatch(/^agent applied created\n/)
  expect((await longhaul(words)).stdout).toBe('agent applied unchanged\n')
  await writeFile(file, manifest('Be long.'))
  const changed = '  instructions\n    - Be brief.\n    + Be long.\n'
  expect((await longhaul([...words, '--dry-run'])).stdout).toBe(
    `agent applied would be changed\n${changed}`,
  )
  expect((await longhaul(words)).stdout).toBe(`agent applied changed\n${changed}`)
  const { stdout } = await longhaul(['agents', 'get', 'applied'])
  expect(JSON.parse(stdout)).toMatchObject({
    instructions: 'Be long.',
    settings: { max_iterations: 7 },
  })
  await writeFile(file, 'role: none')
  const wrong = await longhaul(words)
  expect([wrong.code, wrong.stdout]).toEqual([2, ''])
  expect((await longhaul(['agents', 'delete', 'applied'])).code).toBe(2)
  expect((await longhaul(['agents', 'delete', 'applied', '--yes'])).code).toBe(0)
})

test('a call is approved with other arguments, and a failed task is redriven', async ({
  longhaul,
}) => {
  const turn = script(date, { text: 'done' })
  const { stdout } = await longhaul(['run', 'careful', turn, '-b'])
  const id = stdout.trim()
  const words = ['reviews', 'approve', id, '--arguments', '{"timezone":"Europe/Bern"}']
  expect(await longhaul(words)).toMatchObject({ code: 0 })
  expect(await longhaul(['tasks', 'get', id, '--wait'])).toMatchObject({ code: 0 })
  expect((await longhaul(['tasks', 'log', id])).stdout).toContain('Europe/Bern')
  expect((await longhaul(['reviews', 'reject', id])).code).toBe(4)

  const failing = await longhaul(['run', 'plain', script({ status: 401 }), '--json', '--wait'])
  expect(failing.code).toBe(1)
  const failed = JSON.parse(failing.stdout) as { task_id: string }
  const redriven = await longhaul(['tasks', 'redrive', failed.task_id])
  expect(redriven).toMatchObject({ code: 0, stdout: `${failed.task_id} continues\n` })
  expect((await longhaul(['tasks', 'redrive', id])).code).toBe(1)
})

test('a login is kept for the user alone, and its key goes to its own address only', async ({
  cluster,
  home,
  longhaul,
}) => {
  const env = { LONGHAUL_API_KEY: '', LONGHAUL_URL: '', LONGHAUL_OPERATOR_KEY: '' }
  const wrong = ['login', '--url', cluster.url, '--key-stdin']
  expect((await longhaul(wrong, { env, input: 'nonsense\n' })).code).toBe(3)
  expect((await longhaul(wrong, { env, input: `${cluster.key}\n` })).code).toBe(0)
  const file = join(home, '.config/longhaul/config.json')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ current: 'default' })
  expect((await longhaul(['tasks', 'list'], { env })).code).toBe(0)
  const other = await startScriptedServer()
  onTestFinished(() => other.close())
  await longhaul(['tasks', 'list', '--url', other.url], { env })
  expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
})

test('doctor, top and limits report the state', async ({ longhaul, home, cluster }) => {
  const checked = await longhaul(['doctor'])
  expect(checked).toMatchObject({ code: 0 })
  expect(checked.stdout).toContain('✓ workers')
  const env = { LONGHAUL_API_KEY: 'wrong' }
  expect((await longhaul(['doctor', '--json'], { env })).code).toBe(1)
  const far = { home, url: 'http://127.0.0.1:9', key: cluster.key }
  expect((await (await startCommand(['doctor'], far)).ended).stdout).toContain(
    '→ Start it with `npm start`',
  )
  expect(JSON.parse((await longhaul(['top', '--json'])).stdout)).toHaveProperty(
    'installation.scale',
  )
  expect((await longhaul(['limits'])).stdout).toMatch(/^LIMIT +IN USE +AT MOST\n/)
})

test('completions are scripts of their shells', async ({ longhaul }) => {
  const { stdout } = await longhaul(['completion', 'bash'])
  expect(stdout).toContain("'tasks'*) words='list get watch log cancel redrive delete' ;;")
  expect((await longhaul(['completion', 'tcsh'])).code).toBe(2)
  const line = ['longhaul', 'schedules', 'b']
  const shell = `${stdout}
COMP_WORDS=(${line.join(' ')}) COMP_CWORD=${line.length - 1}
_longhaul
echo "\${COMPREPLY[@]}"`
  expect(execFileSync('bash', ['--norc', '-c', shell], { encoding: 'utf8' })).toBe('backfill\n')
})

test('a terminal shows tokens and what a task waits for, without control characters', async ({
  cluster,
  home,
}) => {
  const terminal = openTerminal(
    ['run', 'careful', script(date, { text: ['a ', '\u001B]0;title\u0007', 'end'] })],
    { cluster, home },
  )
  await terminal.shows('waits for an approval')
  const { body } = await cluster.call('GET', '/v2/reviews')
  const [review] = body['data'] as { task_id: string; tool_call_id: string }[]
  const path = `/v2/agents/careful/responses/${review?.task_id}/reviews/${review?.tool_call_id}`
  await cluster.call('POST', path, { review: 'approved' })
  expect(await terminal.ended).toBe(0)
  expect(terminal.text()).toContain('→ Current date')
  expect(terminal.text()).toContain('a \uFFFD]0;title\uFFFDend')
})

test('a terminal shows the state until Ctrl-C', async ({ cluster, home }) => {
  const terminal = openTerminal(['top', '--every', '100ms'], { cluster, home })
  await expect.poll(() => terminal.text().split('slots in use').length).toBeGreaterThan(3)
  terminal.write('\u0003')
  expect(await terminal.ended).toBe(130)
})

test('a terminal is asked before a deletion, and NO_COLOR turns colours off', async ({
  cluster,
  home,
  longhaul,
}) => {
  const { stdout } = await longhaul(['run', 'plain', script({ text: 'x' }), '-b'])
  const asked = openTerminal(['tasks', 'delete', stdout.trim()], { cluster, home })
  await asked.shows('Delete task')
  asked.write('y')
  expect(await asked.ended).toBe(0)
  const colourful = openTerminal(['tasks', 'get', stdout.trim()], { cluster, home })
  expect(await colourful.ended).toBe(4)
  expect(colourful.text()).toContain('\u001B[31mlonghaul:')
  const plain = openTerminal(['tasks', 'get', stdout.trim()], {
    cluster,
    home,
    env: { NO_COLOR: '1' },
  })
  expect(await plain.ended).toBe(4)
  expect(plain.text()).not.toContain('\u001B[3')
})

function manifest(text: string): string {
  return `key: applied
role: Helper
description: Helps
instructions: ${text}
path: Default
model: openai/scripted
settings: { max_iterations: 7, tools: [{ type: current_date, requires_approval: true }] }
`
}

type Around = { cluster: { url: string; key: string }; home: string; env?: Record<string, string> }

/** The command on a terminal of its own. */
function openTerminal(words: string[], { cluster: { url, key }, home, env = {} }: Around) {
  const terminal = spawn(process.execPath, [program, ...words], {
    cols: 120,
    env: { ...environment({ home, url, key }), TERM: 'xterm-256color', ...env },
  })
  let text = ''
  terminal.onData((data) => {
    text += data
  })
  const ended = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => resolve(exitCode))
  })
  onTestFinished(() => {
    try {
      terminal.kill('SIGKILL')
    } catch {
      // It has ended.
    }
  })
  return {
    ended,
    text: () => text,
    write: (keys: string) => terminal.write(keys),
    shows: (wanted: string) => expect.poll(() => text).toContain(wanted),
  }
}

/** Resolves when a stream has this text. Others read it, too. */
async function once(stream: NodeJS.ReadableStream | null, wanted: string): Promise<void> {
  let seen = ''
  await new Promise<void>((resolve) => {
    stream?.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
      if (seen.includes(wanted)) resolve()
    })
  })
}
