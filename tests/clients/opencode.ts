import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Server } from './client.ts'
import { installClient } from './install-client.ts'
import { runClient } from './run-client.ts'

export const opencodeVersion = '1.18.33'

export type Opencode = {
  /** Runs `opencode run` with these words and a message. */
  run(message: string, ...words: string[]): Promise<string>
}

type Options = Server & {
  /** The folder of its work. Its own files are in a folder beside it. */
  folder: string
}

/** opencode, with Longhaul as its model provider and otherwise at its defaults. */
export async function createOpencode(options: Options): Promise<Opencode> {
  const { folder, signal } = options
  const program = await installClient({
    name: 'opencode-ai',
    version: opencodeVersion,
    program: 'opencode',
    hasScript: true,
  })
  const home = `${folder}-opencode`
  await mkdir(home, { recursive: true })
  await writeFile(join(folder, 'opencode.json'), JSON.stringify(configOf(options)))
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    // The tests reach no other server.
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
  }
  return {
    // As a word of the command, a message with spaces would be put in quotation marks.
    run: (message, ...words) =>
      runClient([program, 'run', ...words], { cwd: folder, env, input: message, signal }),
  }
}

function configOf({ baseURL, apiKey, model }: Server) {
  return {
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    model: `longhaul/${model}`,
    small_model: `longhaul/${model}`,
    provider: {
      longhaul: {
        npm: '@ai-sdk/openai',
        name: 'Longhaul',
        options: { baseURL, apiKey },
        models: {
          [model]: {
            name: model,
            attachment: true,
            reasoning: true,
            tool_call: true,
            modalities: { input: ['text', 'image'], output: ['text'] },
          },
        },
      },
    },
  }
}
