import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Server } from './client.ts'
import { installClient } from './install-client.ts'
import { runClient } from './run-client.ts'

export const codexVersion = '0.171.0'

export type Codex = {
  /** Runs `codex exec` with these words. Resolves with its last message. */
  exec(...words: string[]): Promise<string>
}

type Options = Server & {
  /** The folder of its work. Its own files are in a folder beside it. */
  folder: string
}

/** The Codex command line, with Longhaul as its model provider and otherwise at its defaults. */
export async function createCodex(options: Options): Promise<Codex> {
  const { folder, baseURL, apiKey, model, signal } = options
  const program = await installClient({
    name: '@openai/codex',
    version: codexVersion,
    program: 'codex',
  })
  const home = `${folder}-codex`
  const last = join(home, 'last-message')
  await mkdir(home, { recursive: true })
  await writeFile(join(home, 'config.toml'), configOf({ baseURL, model }))
  const env = { CODEX_HOME: home, LONGHAUL_API_KEY: apiKey }
  return {
    async exec(...words) {
      await rm(last, { force: true })
      await runClient([program, 'exec', ...always, '-o', last, ...words], {
        cwd: folder,
        env,
        signal,
      })
      return await readFile(last, 'utf8')
    },
  }
}

/** Its sandbox needs rights that a test may lack, and its folder is no repository. */
const always = ['--dangerously-bypass-approvals-and-sandbox', '--skip-git-repo-check']

function configOf({ baseURL, model }: Pick<Server, 'baseURL' | 'model'>): string {
  return `model = "${model}"
model_provider = "longhaul"
# The tests reach no other server.
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.longhaul]
name = "Longhaul"
base_url = "${baseURL}"
env_key = "LONGHAUL_API_KEY"
`
}
