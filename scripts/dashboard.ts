import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const app = 'apps/dashboard'
/** The file that has the hash of the sources of the last build. */
const stamp = `${app}/dist/sources.txt`

/** Builds the dashboard into `apps/dashboard/dist`, unless its sources have not changed since the last build. */
export async function buildDashboard({ signal }: { signal?: AbortSignal } = {}): Promise<
  'built' | 'unchanged'
> {
  const sources = await hashOfSources()
  const last = await readFile(stamp, 'utf8').catch(() => '')
  if (last === sources) return 'unchanged'
  const vite = join(process.cwd(), app, 'node_modules/vite/bin/vite.js')
  // The tests have another NODE_ENV, with which React would be the one for its developers.
  const env = { ...process.env, NODE_ENV: 'production' }
  const options = { cwd: app, env, ...(signal && { signal }) }
  await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'warn'], options)
  await writeFile(stamp, sources)
  return 'built'
}

async function hashOfSources(): Promise<string> {
  const patterns = [
    `${app}/{src/**/*,index.html,vite.config.ts,package.json}`,
    'packages/client/src/**/*.ts',
    'pnpm-lock.yaml',
  ]
  const files = globSync(patterns, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const hash = createHash('sha256').update('production')
  for (const file of files.toSorted()) hash.update(file).update(await readFile(file))
  return hash.digest('hex')
}
