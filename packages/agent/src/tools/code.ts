import type { ToolKind } from './tool-kind.ts'

/** Runs the tool's Python in a sandbox. The arguments are its variables, and the value of `result` is the answer. */
export const code: ToolKind<'code'> = async (input, { tool, services, pause, signal }) => {
  const { result, stdout } = await services.python.run(tool.code, {
    workspace: services.workspace,
    params: input,
    seconds: tool.timeoutSeconds,
    signal,
    // The time limit begins when the call has a slot.
    started: pause(),
  })
  return stdout === '' ? { result } : { result, stdout }
}
