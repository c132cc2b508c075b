import type { ToolKind } from './tool-kind.ts'

/** Runs the tool's Python in a sandbox: the arguments are its variables, and what it leaves in `result` is the answer. */
export const code: ToolKind<'code'> = async (input, { tool, services, pause, signal }) => {
  const { result, stdout } = await services.python.run(tool.code, {
    workspace: services.workspace,
    params: input,
    seconds: tool.timeoutSeconds,
    signal,
    // Its time begins when it has a slot.
    started: pause(),
  })
  return stdout === '' ? { result } : { result, stdout }
}
