import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The files of a machine that a Python needs, each with its path in the sandbox. `packages` are the sandbox's paths of
 * the packages that are installed for it.
 */
export type Interpreter = {
  command: string
  mounts: [from: string, to: string][]
  packages: string[]
}

/** The folder of the Python in the sandbox. The interpreter finds its library relative to its own path. */
const home = '/python'

/** The folder of the interpreter's libraries in the sandbox. */
export const libraries = `${home}/lib`

/**
 * Asks the operator's Python for its files: the interpreter, its standard library, and the shared libraries of both;
 * with `packages` also the packages that are installed for it.
 */
export async function readInterpreter(
  python: string,
  { packages, env }: { packages: boolean; env: Record<string, string> },
): Promise<Interpreter> {
  const isolated = packages ? ['-I'] : ['-I', '-S']
  const { stdout } = await run(python, [...isolated, '-c', question], { env, timeout: 10_000 })
  const { executable, library, modules, version } = JSON.parse(stdout) as Answer
  const installed = packages ? modules : []
  const packagePaths = installed.map((_, at) => `${home}/packages/${at}`)
  const command = `${home}/bin/python3`
  const mounts: Interpreter['mounts'] = [
    [await realpath(executable), command],
    [library, join(libraries, version)],
    ...installed.map((from, at): [string, string] => [from, packagePaths[at] ?? '']),
  ]
  const { stdout: linked } = await run('ldd', await compiled([executable, library, ...installed]), {
    env,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  }).catch(partly)
  return { command, mounts: [...mounts, ...librariesOf(linked)], packages: packagePaths }
}

type Answer = { executable: string; library: string; modules: string[]; version: string }

const question = `
import json, os, sys, sysconfig
library = sysconfig.get_path("stdlib")
modules = [place for place in sys.path if os.path.isdir(place) and not place.startswith(library)]
version = f"python{sys.version_info.major}.{sys.version_info.minor}"
print(json.dumps({"executable": sys.executable, "library": library, "modules": modules, "version": version}))
`

/** The interpreter, and the files in these folders that may need shared libraries. */
async function compiled([executable = '', ...folders]: string[]): Promise<string[]> {
  const { stdout } = await run('find', [...folders, '-name', '*.so*', '-type', 'f'], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return [executable, ...stdout.split('\n').filter((file) => file !== '')]
}

/** `ldd` fails when it does not know one of the files, but its output has the others. */
function partly(error: unknown): { stdout: string } {
  const stdout = (error as { stdout?: unknown }).stdout
  if (typeof stdout === 'string' && stdout !== '') return { stdout }
  throw error
}

/** Libraries move to the sandbox's folder. The loader keeps its path, since programs contain that path. */
function librariesOf(linked: string): Interpreter['mounts'] {
  const found = new Map<string, string>()
  for (const [, name = '', path] of linked.matchAll(/^\s+(\S+)(?: => (\/\S+))? \(0x/gm)) {
    if (path !== undefined) found.set(join(libraries, basename(name)), path)
    else if (name.startsWith('/')) found.set(name, name)
  }
  return [...found].map(([to, from]) => [from, to])
}
