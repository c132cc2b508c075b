import { z } from 'zod'

/** The environment variables that a process reads: name → schema of its value. */
export type Shape = Record<string, z.ZodType>

export type Config<S extends Shape> = { [name in keyof S]: z.output<S[name]> }

export type Parsed<S extends Shape> =
  | { ok: true; config: Config<S> }
  | { ok: false; problems: string[] }

/**
 * The configuration of this process, from its environment and from `.env` in its folder. Only `main` calls this: when a
 * variable is wrong, it prints one line for each problem and exits with 1.
 */
export function readConfig<S extends Shape>(shape: S): Config<S> {
  const unreadable = loadEnvFile()
  const parsed = parseConfig(process.env, shape)
  if (unreadable === undefined && parsed.ok) return parsed.config
  const problems = [...(unreadable ?? []), ...(parsed.ok ? [] : parsed.problems)]
  process.stderr.write(problems.map((problem) => `${problem}\n`).join(''))
  return process.exit(1)
}

/** Checks an environment against a shape. Each problem is one line that begins with the name of its variable. */
export function parseConfig<S extends Shape>(env: NodeJS.ProcessEnv, shape: S): Parsed<S> {
  const values = Object.fromEntries(Object.keys(shape).map((name) => [name, textOf(env[name])]))
  const result = z.object(shape).safeParse(values)
  if (result.success) return { ok: true, config: result.data as Config<S> }
  return {
    ok: false,
    problems: result.error.issues.map((issue) =>
      oneLine(`${issue.path.join('.')} ${issue.message}`),
    ),
  }
}

/** Variables of the environment have precedence over the file, even when they are empty. */
function loadEnvFile(): string[] | undefined {
  try {
    process.loadEnvFile()
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return code === 'ENOENT' ? undefined : [`.env cannot be read (${code}): repair or remove it`]
  }
}

/** Compose files and shells write `NAME=` for "not set". */
function textOf(value: string | undefined): string | undefined {
  const text = value?.trim()
  return text === '' ? undefined : text
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
