import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { digestOf, type OpenApiDocument, reduceDocument } from './reduce-document.ts'

// Writes the types of packages/client: `npm run client-types`. With a path, it writes them there instead.
const folder = import.meta.dirname
const root = join(folder, '../..')
const run = promisify(execFile)
const output = process.argv[2] ?? join(root, 'packages/client/src/openapi.d.ts')

const generator = await installGenerator()
const document = reduceDocument(await readDocument())
await writeFile(output, headOf(document) + (await typesOf(document)))
console.log(`longhaul: wrote ${output}`)

/** The generator has its own lockfile, and is installed only for this script. Resolves with its program. */
async function installGenerator(): Promise<string> {
  const home = join(root, '.data/client-types')
  await mkdir(home, { recursive: true })
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(join(folder, file), join(home, file))
  }
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home })
  return join(home, 'node_modules/openapi-typescript/bin/cli.js')
}

async function readDocument(): Promise<OpenApiDocument> {
  const program = join(root, 'apps/api/src/openapi/print-document.ts')
  const { stdout } = await run(process.execPath, [program], { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout) as OpenApiDocument
}

async function typesOf(reduced: OpenApiDocument): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'longhaul-types-'))
  try {
    const [from, to] = [join(place, 'openapi.json'), join(place, 'openapi.d.ts')]
    await writeFile(from, JSON.stringify(reduced))
    const flags = ['--default-non-nullable', 'false', '--empty-objects-unknown']
    await run(process.execPath, [generator, from, '--output', to, ...flags])
    const text = await readFile(to, 'utf8')
    return text.slice(text.indexOf('export interface paths'))
  } finally {
    await rm(place, { recursive: true })
  }
}

function headOf(reduced: OpenApiDocument): string {
  return `// Generated from the OpenAPI document by \`npm run client-types\`. Do not edit it.
// document ${digestOf(reduced)}

`
}
