import { applyPatchForm } from './forms/apply-patch.ts'
import type { ClientForm } from './forms/client-form.ts'
import { customForm } from './forms/custom.ts'
import { functionForm } from './forms/function.ts'
import { localShellForm } from './forms/local-shell.ts'
import { shellForm } from './forms/shell.ts'
import { toolSearchForm } from './forms/tool-search.ts'

/** The types of tools that the client runs. A namespace has tools of the first two. */
export const forms = {
  function: functionForm,
  custom: customForm,
  shell: shellForm,
  local_shell: localShellForm,
  apply_patch: applyPatchForm,
  tool_search: toolSearchForm,
} satisfies Record<string, ClientForm>
export type FormName = keyof typeof forms
