// Checks whether the packages in pnpm-lock.yaml are installed. It only reads, so that a start changes nothing.
// Like with-toolchain.mjs it runs on an older Node and before anything is installed.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * How the installation of the workspace in `root` differs from its lockfile; undefined if it is complete. With `project`, such as
 * `apps/api`, only that project is checked, without its development dependencies. Optional packages may be missing.
 */
export function whyIncomplete(root, project) {
  const lock = parseLockfile(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'))
  const changed = catalogOf(root).find(([name, version]) => {
    const locked = lock.catalog.get(name)
    return locked !== undefined && locked.specifier !== version
  })
  if (changed) return misfit('pnpm-workspace.yaml', changed[0])
  const seen = new Set()
  const open = project === undefined ? [...lock.importers.keys()] : [project]
  try {
    for (const folder of open) {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const locked = lock.importers.get(folder) ?? new Map()
      for (const kind of project === undefined ? [...kinds, 'devDependencies'] : kinds) {
        for (const [name, specifier] of Object.entries(manifest[kind] ?? {})) {
          const found = locked.get(name)
          if (found?.specifier !== specifier)
            throw new Incomplete(misfit(join(folder, 'package.json'), name))
          if (found.version.startsWith('link:')) {
            const linked = join(folder, found.version.slice(5))
            readManifest(join(root, folder, 'node_modules', name))
            if (!open.includes(linked)) open.push(linked)
          } else {
            visit(join(root, folder, 'node_modules'), name, found)
          }
        }
      }
    }
  } catch (error) {
    if (error instanceof Incomplete) return error.message
    throw error
  }
  return undefined

  /** Checks a package in a folder of packages, and its dependencies. */
  function visit(modules, name, { version, optional }) {
    const key = lock.snapshots.has(version) ? version : `${name}@${version}`
    if (seen.has(key)) return
    const path = join(modules, name)
    if (optional && !existsSync(path)) return
    seen.add(key)
    const wanted = key.replace(/\(.*$/s, '').replace(/^.+@/, '')
    const manifest = readManifest(path)
    if (manifest.version !== wanted) {
      throw new Incomplete(`${path} is version ${manifest.version} and not ${wanted}`)
    }
    // The dependencies of a package are installed beside it.
    const beside = join(realpathSync(path), ...manifest.name.split('/').map(() => '..'))
    for (const [each, dependency] of lock.snapshots.get(key) ?? []) visit(beside, each, dependency)
  }
}

const kinds = ['dependencies', 'optionalDependencies']

class Incomplete extends Error {}

function misfit(file, name) {
  return `pnpm-lock.yaml does not have ${name} as ${file} asks for it`
}

function readManifest(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  } catch (error) {
    throw new Incomplete(
      `${path} ${error.code === 'ENOENT' ? 'is missing' : `cannot be read (${error.code ?? error.message})`}`,
    )
  }
}

/** The versions that the projects share, as pairs of a name and a version. */
function catalogOf(root) {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const [, lines = ''] = /^catalog:\n((?: .*\n?|\n)*)/m.exec(text) ?? []
  return lines.split('\n').flatMap((line) => {
    const [, name, version] = /^ +('[^']+'|[^\s:'#]+): (.+)$/.exec(line) ?? []
    return name === undefined ? [] : [[unquoted(name), unquoted(version)]]
  })
}

/** The part of a lockfile that lists the packages. pnpm writes it line by line in a fixed format. */
function parseLockfile(text) {
  const catalog = new Map()
  const importers = new Map()
  const snapshots = new Map()
  let [section, entry, kind, dependency] = ['']
  for (const line of text.split('\n')) {
    const [, indent, name, value] = /^( *)('[^']+'|[^\s:'][^:]*): ?(.*)$/.exec(line) ?? []
    if (name === undefined) continue
    const [key, said] = [unquoted(name), unquoted(value)]
    if (indent === '') section = key
    else if (section === 'catalogs') {
      if (indent.length === 4) catalog.set(key, (dependency = {}))
      else if (indent.length === 6) dependency[key] = said
    } else if (section !== 'importers' && section !== 'snapshots') continue
    else if (indent.length === 2) {
      entry = new Map()
      kind = undefined
      const folder = key === '.' ? '' : key
      if (section === 'importers') importers.set(folder, entry)
      else snapshots.set(key, entry)
    } else if (indent.length === 4) kind = key
    else if (indent.length === 6 && [...kinds, 'devDependencies'].includes(kind)) {
      dependency = { version: said, optional: kind === 'optionalDependencies' }
      entry.set(key, dependency)
    } else if (indent.length === 8 && section === 'importers') dependency[key] = said
  }
  return { catalog, importers, snapshots }
}

function unquoted(text) {
  return text.replace(/^'(.*)'$/, '$1')
}

/** The folder in which pnpm keeps the packages of an installation. With another store pnpm would first delete them. */
export function storeOf(root) {
  try {
    const { storeDir } = JSON.parse(readFileSync(join(root, 'node_modules/.modules.yaml'), 'utf8'))
    return typeof storeDir === 'string' && existsSync(storeDir) ? dirname(storeDir) : undefined
  } catch {
    return undefined
  }
}
