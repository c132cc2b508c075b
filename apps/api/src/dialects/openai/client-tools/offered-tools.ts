import { describeApplyPatch } from './forms/apply-patch.ts'
import { describeCustom } from './forms/custom.ts'
import { describeFunction } from './forms/function.ts'
import { describeLocalShell } from './forms/local-shell.ts'
import { describeShell } from './forms/shell.ts'
import { joinParagraphs, type ModelFunction } from './forms/tool-fields.ts'
import { describeToolSearch } from './forms/tool-search.ts'
import { modelName } from './model-name.ts'
import type { FormName } from './table.ts'
import type { Tool } from './tool.ts'

/** Tools of a body, and their path in it. */
export type ToolList = { path: string; tools: Tool[] }

/** A tool of the client: its function for the model, and its name and namespace for the client. */
export type OfferedTool = {
  type: FormName
  name: string
  namespace?: string
  path: string
  function: ModelFunction
}

export type Offer = {
  offered: OfferedTool[]
  /** The paths of the tools that are left out: the server would have to run them. */
  ignored: string[]
}

/**
 * The tools that the model is offered. `added` are tools of the conversation, oldest first: a later one replaces an
 * earlier one of the same name, and a tool of the request itself replaces both.
 */
export function offerTools(own: ToolList, added: ToolList[]): Offer {
  const ofRequest = offersOf([own])
  const ofConversation = offersOf(added)
  const byName = new Map(ofConversation.offered.map((tool) => [tool.function.name, tool]))
  for (const tool of ofRequest.offered) byName.delete(tool.function.name)
  return {
    offered: [...ofRequest.offered, ...byName.values()],
    ignored: [...ofRequest.ignored, ...ofConversation.ignored],
  }
}

function offersOf(lists: ToolList[]): Offer {
  const offer: Offer = { offered: [], ignored: [] }
  for (const { tool, path, namespace, about } of lists.flatMap(leavesOf)) {
    const described = describe(tool)
    if (described === undefined || tool.type === 'other') {
      offer.ignored.push(path)
      continue
    }
    const { name, description } = described
    offer.offered.push({
      type: tool.type,
      name,
      ...(namespace !== undefined && { namespace }),
      path,
      function: {
        ...described,
        name: modelName(name, namespace),
        description: joinParagraphs(about, description),
      },
    })
  }
  return offer
}

type Leaf = Exclude<Tool, { type: 'namespace' }>

/** Whether the server would have to run a tool. */
export function isLeftOut(tool: Leaf): boolean {
  return describe(tool) === undefined
}

/** The tools of a list and of its namespaces. The first one of a namespace also has the text `about` all of them. */
function leavesOf({
  path,
  tools,
}: ToolList): { tool: Leaf; path: string; namespace?: string; about: string }[] {
  return tools.flatMap((tool, at) => {
    const toolPath = `${path}[${at}]`
    if (tool.type !== 'namespace') return { tool, path: toolPath, about: '' }
    return tool.tools.map((inner, innerAt) => ({
      tool: inner,
      path: `${toolPath}.tools[${innerAt}]`,
      namespace: tool.name,
      about: innerAt === 0 ? (tool.description ?? '') : '',
    }))
  })
}

/** The function that the model sees; undefined if the client does not run the tool. */
function describe(tool: Leaf): ModelFunction | undefined {
  switch (tool.type) {
    case 'function':
      return describeFunction(tool)
    case 'custom':
      return describeCustom(tool)
    case 'shell':
      return describeShell(tool)
    case 'local_shell':
      return describeLocalShell()
    case 'apply_patch':
      return describeApplyPatch()
    case 'tool_search':
      return describeToolSearch(tool)
    case 'other':
      return undefined
  }
}
