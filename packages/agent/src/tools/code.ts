import type { ToolKind } from './tool-kind.ts'

/** Runs the tool's Python in a sandbox: the arguments are its variables, and what it leaves in `result` is the answer. */
export const code: ToolKind<'code'> = async (input, { tool, services, signal }) => {
  const { result, stdout } = await services.python.run(tool.code, {
    params: input,
    seconds: tool.timeoutSeconds,
    signal,
  })
  return stdout === '' ? { result } : { result, stdout }
}
