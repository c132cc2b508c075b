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
import { numbersOf } from './seccomp/numbers.ts'
import { rules } from './seccomp/rules.ts'

const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0
const installed = fileURLToPath(new URL('../../../../.tools/sandbox', import.meta.url))

/** A copy of the unpacked programs that ordinary users can read: the original may lie in root's own folder. */
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

/** Starts the worker with a key in its session keyring, which Node cannot make. */
const withKey = `
import ctypes, os, sys
call = ctypes.CDLL(None).syscall
add_key, _, keyctl = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}[os.uname().machine]
assert call(keyctl, 1, None) > 0
assert call(add_key, b"user", b"longhaul-test", b"the secret of the host", 22, -3) > 0
os.environ.pop("LD_LIBRARY_PATH", None)
os.execv(sys.argv[1], sys.argv[1:])
`

/** The users of the worker: each attack runs under both, where the tests may choose the user. */
const users: [string, string][] = [
  ['an ordinary user', isRoot ? '4711' : ''],
  ...(isRoot ? [['root', ''] as [string, string]] : []),
]

/** The attacks. When one succeeds, `result` is "escaped". */
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
    'to connect to an abstract unix socket',
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
    'to make a user namespace',
    `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0: result = "escaped"
else: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))`,
  ],
  [
    'to make a user namespace by clone',
    `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
child = libc.syscall({"x86_64": 56, "aarch64": 220}[os.uname().machine], 0x10000000 | 17, 0, 0, 0, 0)
if child == 0: os._exit(0)
if child > 0: result = "escaped"
else: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))`,
    /Operation not permitted/,
  ],
  [
    'to read a key of the worker',
    `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
keyctl = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
key = libc.syscall(keyctl, 10, -3, b"user", b"longhaul-test", 0)
text = ctypes.create_string_buffer(100)
if libc.syscall(keyctl, 11, key, text, 100) > 0: result = "escaped " + text.value.decode()
else: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))`,
    /Function not implemented/,
  ],
  [
    'to enter the kernel as a program of 32 bits',
    `import ctypes, mmap, os
if os.uname().machine != "x86_64": os._exit(0)
getpid = bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3])
place = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
place.write(getpid)
answer = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(place)))()
result = f"escaped {answer}"`,
    /left no result/,
  ],
  [
    'to connect to the hypervisor',
    `import socket\nsocket.socket(socket.AF_VSOCK)\nresult = "escaped"`,
    /Network is unreachable/,
  ],
  [
    'to use the ciphers of the kernel',
    `import socket\nsocket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)\nresult = "escaped"`,
    /Network is unreachable/,
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
    'to signal all processes',
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
    'to write outside its own folder',
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
    'to take too much memory in several processes',
    `import os, time
for n in range(8):
    if os.fork() == 0:
        data = b"x" * (100 << 20)
        time.sleep(60)
time.sleep(60)
result = "escaped"`,
    /its processes and files held more than 512 MB of memory/,
  ],
  [
    'to take too much memory in files and a process',
    `import time
for n in range(3):
    with open(f"/tmp/{n}", "wb") as f: f.write(b"x" * (20 << 20))
data = b"x" * (440 << 20)
time.sleep(60)
result = "escaped"`,
    /its processes and files held more than 512 MB of memory/,
  ],
  [
    'to take memory in an anonymous file',
    `import os\nos.memfd_create("x")\nresult = "escaped"`,
    /Function not implemented/,
  ],
  [
    'to take memory in queues of events',
    `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.inotify_init1(0) >= 0: result = "escaped"
else: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))`,
    /Function not implemented/,
  ],
  [
    'to take memory that stays when it is unmapped',
    `import mmap\nmmap.mmap(-1, 1 << 20)\nresult = "escaped"`,
    /Operation not permitted/,
  ],
  [
    'to take the same memory from a device',
    `import mmap
with open("/dev/zero", "r+b") as f: mmap.mmap(f.fileno(), 1 << 20)
result = "escaped"`,
    /No such file/,
  ],
  [
    'to start too many threads',
    `import threading, time
for n in range(10000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
result = "escaped"`,
    /can't start new thread/,
  ],
  [
    'to open too many files',
    `files = [open("/dev/null") for _ in range(10000)]\nresult = "escaped"`,
    /Too many open files/,
  ],
  ['to print endlessly', `while True: print("x" * 10000)`, /has written more than/],
  [
    'to fill the channel of its result',
    `import os\nwhile True: os.write(3, b"x" * 10000)`,
    /has written more than/,
  ],
  ['to return too much', `result = "x" * (8 << 20)`, /has written more than/],
  ['to run forever', `while True: pass`, /aborted/],
  ['to sleep forever', `import time\ntime.sleep(1000)`, /aborted/],
  [
    'to run forever in a second process',
    `import os, signal, time
for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU): signal.signal(name, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)
    while True: pass
time.sleep(1000)`,
    /aborted/,
  ],
  ['to crash the interpreter', `import ctypes\nctypes.string_at(0)`, /left no result/],
  ['to leave at once', `import os\nos._exit(0)`, /left no result/],
]

/** Ordinary uses of the standard library, which must work. */
const honest = `
import asyncio, concurrent.futures, decimal, json, mmap, multiprocessing, os, re, sqlite3, subprocess, sys, tempfile, threading, time
result = {}
total = []
threads = [threading.Thread(target=lambda n=n: total.append(sum(range(n * 10, n * 10 + 10)))) for n in range(10)]
for thread in threads: thread.start()
for thread in threads: thread.join()
result["threads"] = sum(total)
with concurrent.futures.ThreadPoolExecutor(4) as pool: result["queue"] = list(pool.map(lambda n: n * n, range(4)))

fork = multiprocessing.get_context("fork")
def send(pipe, n): pipe.send(n + 1)
got = []
for n in range(3):
    here, there = fork.Pipe()
    child = fork.Process(target=send, args=(there, n))
    child.start()
    got.append(here.recv())
    child.join()
result["processes"] = got
result["program"] = subprocess.run([sys.executable, "-c", "print('child')"], capture_output=True, text=True).stdout.strip()

async def wait(n):
    await asyncio.sleep(0)
    return n
async def together(): return await asyncio.gather(*[wait(n) for n in range(3)])
result["async"] = asyncio.run(together())
decimal.getcontext().prec = 10
result["decimal"] = str(decimal.Decimal(1) / 7)
result["words"] = re.findall(r"\\w", json.loads('"a b"'))
db = sqlite3.connect(":memory:")
db.execute("create table t (a, b)")
db.executemany("insert into t values (?, ?)", [(1, 5.5), (1, 5.5)])
result["rows"] = db.execute("select count(*), avg(b) from t group by a").fetchall()

with tempfile.TemporaryFile() as file:
    file.truncate(4096)
    place = mmap.mmap(file.fileno(), 4096)
    if os.fork() == 0:
        place[:6] = b"shared"
        os._exit(0)
    os.wait()
    result["file"] = place[:6].decode()

data = b"x" * (200 << 20)
children = []
for n in range(5):
    children.append(os.fork())
    if children[-1] == 0:
        time.sleep(0.2)
        os._exit(len(data) % 7)
assert {os.waitpid(child, 0)[1] for child in children} == {len(data) % 7 << 8}
result["shared"] = "nothing counts twice"
`

describe.for(isLinux ? users : [])('under %s the sandbox', ([, user]) => {
  let child: ChildProcess

  beforeAll(() => {
    const file = fileURLToPath(new URL('python-process.fixture.ts', import.meta.url))
    const unpackedPython = join(unpacked, 'usr/bin/python3')
    const lib = join(
      unpacked,
      `usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
    )
    child = fork(file, [unpacked, user], {
      execPath: existsSync(unpackedPython) ? unpackedPython : '/usr/bin/python3',
      execArgv: ['-c', withKey, process.execPath],
      env: {
        PATH: process.env['PATH'],
        SECRET_OF_THE_WORKER: 'the secret of the host',
        ...(existsSync(unpackedPython) && { LD_LIBRARY_PATH: lib }),
      },
    })
  })
  afterAll(() => child.kill('SIGKILL'))

  async function run(request: Asked): Promise<Answered> {
    child.send(request)
    const [answered] = (await once(child, 'message')) as [Answered]
    return answered
  }

  test('runs good code', async () => {
    const code = 'import ssl, sqlite3\nprint("noted")\nresult = {"sum": a + params["b"]}'
    expect(await run({ code, params: { a: 1, b: 2 }, seconds: 30 })).toEqual({
      result: { sum: 3 },
      stdout: 'noted\n',
    })
  })

  test('runs what programs usually do', async () => {
    expect(await run({ code: honest, seconds: 60 })).toEqual({
      result: {
        threads: 4_950,
        queue: [0, 1, 4, 9],
        processes: [1, 2, 3],
        program: 'child',
        async: [0, 1, 2],
        decimal: '0.1428571429',
        words: ['a', 'b'],
        rows: [[2, 5.5]],
        file: 'shared',
        shared: 'nothing counts twice',
      },
      stdout: '',
    })
  })

  test.for(refused)('refuses an attempt %s', async ([, code, why = /^(?!code cannot be run)/]) => {
    visits = 0
    const attack = code
      .replaceAll('PORT', String(port))
      .replaceAll('SECRET', secretFile)
      .replaceAll('PID', String(process.pid))
    // Also on a busy machine, the code must be refused before its time limit.
    const answered = await run({ code: attack, seconds: why.source === 'aborted' ? 2 : 80 })
    expect(JSON.stringify(answered)).not.toMatch(/escaped|the secret of the host/)
    expect(answered).toEqual({ error: expect.stringMatching(why) })
    expect(visits).toBe(0)
  })

  test('shows nothing of the worker’s environment', async () => {
    const code = 'import os\nresult = sorted(os.environ)'
    expect(await run({ code })).toEqual({ result: ['LD_LIBRARY_PATH', 'PWD'], stdout: '' })
  })

  test('has no capability of the kernel, and no name of the host', async () => {
    const code = `import ctypes, os, socket
libc = ctypes.CDLL(None)
result = [os.getuid(), os.getgid(), os.getgroups(), socket.gethostname(), libc.prctl(39, 0, 0, 0, 0)]
result.append([cap for cap in range(41) if libc.prctl(23, cap, 0, 0, 0) == 1])`
    const { result } = await run({ code })
    expect(result).toEqual([65_534, 65_534, expect.any(Array), 'sandbox', 1, []])
  })

  test('refuses every system call that the filter names', async () => {
    const { numbers } = numbersOf(process.arch === 'arm64' ? 'arm64' : 'x64')
    const calls = rules.flatMap(({ calls: names, error, only }) =>
      only === undefined ? names.map((name) => ({ name, number: numbers[name], error })) : [],
    )
    const here = calls.filter(({ number }) => number !== undefined)
    const code = `import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def error(number):
    ctypes.set_errno(0)
    libc.syscall(number, -1, -1, -1, -1, -1, -1)
    return errno.errorcode.get(ctypes.get_errno(), "none")
result = [error(number) for number in numbers]`
    const { result } = await run({ code, params: { numbers: here.map(({ number }) => number) } })
    const names = here.map(({ name }) => name)
    expect(Object.fromEntries(names.map((name, at) => [name, (result as unknown[])[at]]))).toEqual(
      Object.fromEntries(here.map(({ name, error }) => [name, error])),
    )
  })

  test('has only the descriptors of its own pipes', async () => {
    const code = `import os
result = []
for fd in range(64):
    try:
        os.fstat(fd)
        result.append(fd)
    except OSError: pass`
    expect(await run({ code })).toEqual({ result: [0, 1, 2, 3], stdout: '' })
  })

  test('leaves no process that outlives it', async () => {
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
  const python = createPython({ path: '', unpacked: '', memory: 1 })
  const signal = new AbortController().signal
  await expect(
    python.run('result = 1', { workspace: 'w', params: {}, seconds: 5, signal }),
  ).rejects.toThrow('code cannot be run here: the sandbox needs Linux')
})
