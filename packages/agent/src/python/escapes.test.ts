import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPython } from './python.ts'
import type { Answered, Asked } from './python-process.fixture.ts'

const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0
const installed = fileURLToPath(new URL('../../../../.tools/sandbox', import.meta.url))

/** Where an ordinary user finds what was unpacked for the project, which may lie in root's own folder. */
let unpacked = ''
let secretFile = ''
let port = 0
let visits = 0
const site = createServer((_, response) => {
  visits += 1
  response.end('hello')
})

beforeAll(async () => {
  unpacked = await mkdtemp(join(tmpdir(), 'longhaul-escapes-'))
  await chmod(unpacked, 0o755)
  if (existsSync(installed))
    await cp(installed, unpacked, { recursive: true, verbatimSymlinks: true })
  secretFile = join(unpacked, 'secret.txt')
  await writeFile(secretFile, 'the secret of the host', { mode: 0o644 })
  site.listen(0, '0.0.0.0')
  await once(site, 'listening')
  port = (site.address() as AddressInfo).port
})
afterAll(async () => {
  site.close()
  await rm(unpacked, { recursive: true, force: true })
})

/** Whoever the worker may be: each attack is made under both, where the tests may choose. */
const users: [string, string][] = [
  ['an ordinary user', isRoot ? '4711' : ''],
  ...(isRoot ? [['root', ''] as [string, string]] : []),
]

/** What the code tries; where it is let, `result` says "escaped". */
const refused: [string, string, RegExp?][] = [
  [
    'to reach a server of the host',
    `import urllib.request
result = "escaped " + urllib.request.urlopen("http://127.0.0.1:PORT/", timeout=2).read().decode()`,
  ],
  [
    'to open a socket to the outside',
    `import socket
socket.create_connection(("1.1.1.1", 53), timeout=2)
result = "escaped"`,
  ],
  ['to resolve a name', `import socket\nresult = "escaped " + socket.gethostbyname("example.com")`],
  [
    'to talk over an abstract unix socket',
    `import socket
s = socket.socket(socket.AF_UNIX)
s.connect("\\0/tmp/.X11-unix/X0")
result = "escaped"`,
  ],
  ['to read a file of the host', `result = "escaped " + open("SECRET").read()`],
  ['to read /etc/passwd', `result = "escaped " + open("/etc/passwd").read()`],
  [
    'to find a file of the host by walking up',
    `import os
seen = [name for place in ("/..", "/../..", "/root", "/home", "/etc", "/var", "/usr") if os.path.isdir(place) for name in os.listdir(place)]
names = set(seen) - {"dev", "tmp", "python", "lib64", "lib"}
if names: result = f"escaped {names}"
else: raise OSError("nothing but the interpreter")`,
  ],
  [
    'to read the environment of other processes',
    `import os
result = "escaped " + "".join(open(f"/proc/{p}/environ").read() for p in os.listdir("/proc"))`,
  ],
  [
    'to mount /proc',
    `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
os.mkdir("/tmp/p")
if libc.mount(b"proc", b"/tmp/p", b"proc", 0, None) == 0: result = "escaped"
else: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))`,
  ],
  [
    'to make a user namespace of its own',
    `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0: result = "escaped"
else: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))`,
  ],
  ['to become root', `import os\nos.setuid(0)\nresult = "escaped"`],
  ['to change its root', `import os\nos.chroot("/tmp")\nresult = "escaped"`],
  [
    'to raise its own limits',
    `import resource
resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))
result = "escaped"`,
  ],
  ['to signal a process of the host', `import os\nos.kill(PID, 9)\nresult = "escaped"`],
  [
    'to signal whatever there is',
    `import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(-1, signal.SIGTERM)
raise SystemExit(1)`,
  ],
  [
    'to trace another process',
    `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, PID, 0, 0) == 0: result = "escaped"
else: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))`,
  ],
  [
    'to write beside its own folder',
    `wrote = []
for place in ("/x", "/dev/x", "/dev/shm/x", "/python/x", "/python/lib/x", "/lib64/x", "/usr/x", "/var/tmp/x", "/etc/x"):
    try:
        open(place, "w").write("x")
        wrote.append(place)
    except OSError: pass
if wrote: result = f"escaped {wrote}"
else: raise OSError("nowhere")`,
  ],
  [
    'to make a device',
    `import os, stat\nos.mknod("/tmp/sda", 0o600 | stat.S_IFBLK, os.makedev(8, 0))\nresult = "escaped"`,
  ],
  [
    'to fill the disk',
    `for n in range(1000):
    with open(f"/tmp/{n}", "wb") as f: f.write(b"x" * (16 << 20))
result = "escaped"`,
    /No space left/,
  ],
  [
    'to write one huge file',
    `f = open("/tmp/f", "wb")\nf.truncate(1 << 40)\nresult = "escaped"`,
    /File too large/,
  ],
  [
    'to take all memory',
    `data = [bytearray(64 << 20) for _ in range(1000)]\nresult = "escaped"`,
    /MemoryError/,
  ],
  [
    'to take all memory in other processes',
    `import os
children = []
for n in range(1000):
    children.append(os.fork())
    if children[-1] == 0:
        import time
        time.sleep(60)
result = "escaped"`,
    /Resource temporarily unavailable/,
  ],
  [
    'to start threads without end',
    `import threading, time
for n in range(10000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
result = "escaped"`,
    /can't start new thread/,
  ],
  [
    'to open files without end',
    `files = [open("/dev/null") for _ in range(10000)]\nresult = "escaped"`,
    /Too many open files/,
  ],
  ['to print without end', `while True: print("x" * 10000)`, /has written more than/],
  [
    'to fill the channel of its result',
    `import os\nwhile True: os.write(3, b"x" * 10000)`,
    /has written more than/,
  ],
  ['to return too much', `result = "x" * (8 << 20)`, /has written more than/],
  ['to go on for ever', `while True: pass`, /aborted/],
  ['to sleep for ever', `import time\ntime.sleep(1000)`, /aborted/],
  [
    'to go on for ever behind its own back',
    `import os, signal, time
for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU): signal.signal(name, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    while True: pass
time.sleep(1000)`,
    /aborted/,
  ],
  ['to crash the interpreter', `import ctypes\nctypes.string_at(0)`, /left no result/],
  ['to leave at once', `import os\nos._exit(0)`, /left no result/],
]

describe.for(isLinux ? users : [])('in the hands of %s code is refused', ([, user]) => {
  let child: ChildProcess

  beforeAll(() => {
    const file = fileURLToPath(new URL('python-process.fixture.ts', import.meta.url))
    child = fork(file, [unpacked, user], {
      env: { PATH: process.env['PATH'], SECRET_OF_THE_WORKER: 'the secret of the host' },
    })
  })
  afterAll(() => child.kill('SIGKILL'))

  async function run(asked: Asked): Promise<Answered> {
    child.send(asked)
    const [answered] = (await once(child, 'message')) as [Answered]
    return answered
  }

  test('though it runs when it is good', async () => {
    const code = 'import ssl, sqlite3\nprint("noted")\nresult = {"sum": a + params["b"]}'
    expect(await run({ code, params: { a: 1, b: 2 }, seconds: 30 })).toEqual({
      result: { sum: 3 },
      stdout: 'noted\n',
    })
  })

  test.for(refused)('%s', async ([, code, why = /^(?!code cannot be run)/]) => {
    visits = 0
    const asked = code
      .replaceAll('PORT', String(port))
      .replaceAll('SECRET', secretFile)
      .replaceAll('PID', String(process.pid))
    // On a busy machine, too, what is refused must be refused before its time is over.
    const answered = await run({ code: asked, seconds: why.source === 'aborted' ? 2 : 25 })
    expect(JSON.stringify(answered)).not.toMatch(/escaped|the secret of the host/)
    expect(answered).toEqual({ error: expect.stringMatching(why) })
    expect(visits).toBe(0)
  })

  test('nothing of the worker’s environment', async () => {
    const code = 'import os\nresult = sorted(os.environ)'
    expect(await run({ code })).toEqual({ result: ['LD_LIBRARY_PATH', 'PWD'], stdout: '' })
  })

  test('no right of the kernel, no name of the host', async () => {
    const code = `import ctypes, os, socket
libc = ctypes.CDLL(None)
result = [os.getuid(), os.getgid(), os.getgroups(), socket.gethostname(), libc.prctl(39, 0, 0, 0, 0)]
result.append([cap for cap in range(41) if libc.prctl(23, cap, 0, 0, 0) == 1])`
    const { result } = await run({ code })
    expect(result).toEqual([65_534, 65_534, expect.any(Array), 'sandbox', 1, []])
  })

  test('a process that outlives it', async () => {
    const marker = `mark${Date.now()}`
    const code = `import os, subprocess, sys, time
if os.fork() == 0:
    os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", "${marker}"])
time.sleep(0.3)
result = "done"`
    expect(await run({ code })).toEqual({ result: 'done', stdout: '' })
    expect(await commandsWith(marker)).toEqual([])
  })
})

async function commandsWith(marker: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return commands.filter((command) => command.includes(marker))
}

test.for(isLinux ? [] : [process.platform])('on %s code says that it cannot be run', async () => {
  const python = createPython({ path: '', unpacked: '' })
  const signal = new AbortController().signal
  await expect(python.run('result = 1', { params: {}, seconds: 5, signal })).rejects.toThrow(
    'code cannot be run here: the sandbox needs Linux',
  )
})
