import { test as base, testKey } from '@longhaul/testbed'
import { execFile, execFileSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect } from 'vitest'
import { whyIncomplete } from './installation.mjs'

const root = dirname(import.meta.dirname)
const run = promisify(execFile)

/** `folder` is a temporary folder. `workspace` is a folder with a small installation in pnpm's layout. */
const test = base
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-installation-'))
    onCleanup(() => rm(folder, { recursive: true, force: true }))
    return folder
  })
  .extend('workspace', async ({ folder }) => {
    const texts = {
      'pnpm-workspace.yaml': "packages: [apps/*, packages/*]\n\ncatalog:\n  '@s/one': 1.0.0\n",
      'pnpm-lock.yaml': lockfile,
      'package.json': { devDependencies: { checker: '5.0.0' } },
      'apps/api/package.json': {
        dependencies: { '@s/one': 'catalog:', '@w/core': 'workspace:*' },
        devDependencies: { checker: '5.0.0' },
      },
      'packages/core/package.json': { name: '@w/core', optionalDependencies: { native: '3.0.0' } },
      [`${store}/@s+one@1.0.0_two@2.0.0/node_modules/@s/one/package.json`]: pkg('@s/one', '1.0.0'),
      [`${store}/two@2.0.0/node_modules/two/package.json`]: pkg('two', '2.0.0'),
      [`${store}/checker@5.0.0/node_modules/checker/package.json`]: pkg('checker', '5.0.0'),
    }
    for (const [name, content] of Object.entries(texts)) await write(join(folder, name), content)
    const links = {
      'node_modules/checker': '.pnpm/checker@5.0.0/node_modules/checker',
      'apps/api/node_modules/checker': '../../../node_modules/checker',
      'apps/api/node_modules/@s/one':
        '../../../../node_modules/.pnpm/@s+one@1.0.0_two@2.0.0/node_modules/@s/one',
      'apps/api/node_modules/@w/core': '../../../../packages/core',
      [`${store}/@s+one@1.0.0_two@2.0.0/node_modules/other-two`]:
        '../../two@2.0.0/node_modules/two',
    }
    for (const [name, target] of Object.entries(links)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await symlink(target, join(folder, name))
    }
    return folder
  })

describe('an installation', () => {
  test('is complete after pnpm install, also for each process', () => {
    for (const project of [undefined, 'apps/api', 'apps/worker']) {
      expect(whyIncomplete(root, project)).toBeUndefined()
    }
  })

  test('is complete without optional packages, and for a process without those of the tests', async ({
    workspace,
  }) => {
    expect(whyIncomplete(workspace)).toBeUndefined()
    await rm(join(workspace, `${store}/checker@5.0.0`), { recursive: true })
    expect(whyIncomplete(workspace, 'apps/api')).toBeUndefined()
    expect(whyIncomplete(workspace)).toMatch(/node_modules\/checker is missing$/)
  })

  test('is incomplete without a package that another one needs', async ({ workspace }) => {
    await rm(join(workspace, `${store}/two@2.0.0`), { recursive: true })
    expect(whyIncomplete(workspace, 'apps/api')).toMatch(/node_modules\/other-two is missing$/)
  })

  test('is incomplete with another version of a package', async ({ workspace }) => {
    await write(
      join(workspace, `${store}/two@2.0.0/node_modules/two/package.json`),
      pkg('two', '1.9.0'),
    )
    expect(whyIncomplete(workspace)).toMatch(/other-two is version 1.9.0 and not 2.0.0$/)
  })

  test('is incomplete if a package.json or the catalog requires another version', async ({
    workspace,
  }) => {
    await write(join(workspace, 'packages/core/package.json'), { dependencies: { two: '^2.0.0' } })
    expect(whyIncomplete(workspace, 'apps/api')).toBe(
      'pnpm-lock.yaml does not have two as packages/core/package.json asks for it',
    )
    await write(join(workspace, 'pnpm-workspace.yaml'), "catalog:\n  '@s/one': 1.0.1\n")
    expect(whyIncomplete(workspace, 'apps/api')).toBe(
      'pnpm-lock.yaml does not have @s/one as pnpm-workspace.yaml asks for it',
    )
  })
})

test('a process with an incomplete installation names the command to run, and installs nothing', async ({
  workspace,
}) => {
  await cp(join(root, 'scripts'), join(workspace, 'scripts'), { recursive: true })
  await rm(join(workspace, `${store}/two@2.0.0`), { recursive: true })
  const before = await readdir(workspace)
  const words = ['scripts/with-toolchain.mjs', 'node', 'apps/api/src/main.ts']
  const failed = run(process.execPath, words, { cwd: workspace })
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^longhaul: the installation in .+ is incomplete: .+other-two is missing\. Run `npm run setup` there, as the user who owns it\.\n$/,
    ),
  })
  expect(await readdir(workspace)).toEqual(before)
})

// Ordinary users cannot mount.
test.skipIf(!mounts()).for(['api', 'worker'] as const)(
  'the %s starts as another user, without a home, from a folder that cannot be written',
  async (app, { folder, redisUrl, startApp }) => {
    const node = join(folder, 'node.sh')
    await writeFile(node, launcher(join(folder, 'repository')))
    await chmod(node, 0o755)
    await chmod(folder, 0o755)
    await mkdir(join(folder, 'repository'))
    const env = { REDIS_URL: redisUrl, LONGHAUL_API_KEYS: `test:${testKey}` }
    const started = await startApp(app, env, { installation: { folder: root, node } })
    expect(await started.stop()).toBe(0)
    expect(started.log.filter((line) => !line.startsWith('{'))).toEqual([])
  },
)

/** A script that runs a command with the toolchain, as the user nobody, in a read-only view of this folder. */
function launcher(place: string): string {
  const as = mayBeNobody() ? 'setpriv --reuid 65534 --regid 65534 --clear-groups' : ''
  return `#!/bin/sh
exec unshare --mount sh -ec '
  mount --bind "${root}" "${place}"
  mount -o remount,ro,bind "${place}"
  cd "${place}"
  exec ${as} "${process.execPath}" scripts/with-toolchain.mjs node "$0"
' "$@"
`
}

function mounts(): boolean {
  return process.getuid?.() === 0 && works('unshare', ['--mount', 'true'])
}

/** Node may be in a folder that only this user can read. */
function mayBeNobody(): boolean {
  const words = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, '-v']
  return works('setpriv', words)
}

function works(command: string, words: string[]): boolean {
  try {
    execFileSync(command, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function write(path: string, content: string | object): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
}

function pkg(name: string, version: string): object {
  return { name, version }
}

const store = 'node_modules/.pnpm'

const lockfile = `lockfileVersion: '9.0'

catalogs:
  default:
    '@s/one':
      specifier: 1.0.0
      version: 1.0.0

importers:

  .:
    devDependencies:
      checker:
        specifier: 5.0.0
        version: 5.0.0

  apps/api:
    dependencies:
      '@s/one':
        specifier: 'catalog:'
        version: 1.0.0(two@2.0.0)
      '@w/core':
        specifier: workspace:*
        version: link:../../packages/core
    devDependencies:
      checker:
        specifier: 5.0.0
        version: 5.0.0

  packages/core:
    optionalDependencies:
      native:
        specifier: 3.0.0
        version: 3.0.0

packages:

  '@s/one@1.0.0':
    resolution: {integrity: sha512-one==}

snapshots:

  '@s/one@1.0.0(two@2.0.0)':
    dependencies:
      other-two: two@2.0.0
    transitivePeerDependencies:
      - checker

  checker@5.0.0: {}

  native@3.0.0:
    optional: true

  two@2.0.0: {}
`
