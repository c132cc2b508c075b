import { builtinTools, invalid, isBuiltin, limits } from '@longhaul/core'
import type {
  AgentTool,
  BuiltinKind,
  HttpArgument,
  OutputFormat,
  PlanTool,
  StoredTool,
  TeamMember,
} from '@longhaul/core'
import { withoutSecrets } from '../secrets/without-secrets.ts'

/** A tool, or (for `json_schema`) the output format. */
export function resolveTool(
  tool: AgentTool,
  {
    stored,
    team,
    path,
  }: { stored: ReadonlyMap<string, StoredTool>; team: TeamMember[]; path: string },
): PlanTool | OutputFormat {
  if (isBuiltin(tool.kind)) return builtin(tool, tool.kind, team)
  const found = stored.get(tool.id)
  const called = tool.key === undefined ? tool.id : `${tool.key} (${tool.id})`
  if (found === undefined) throw invalid(path, `the tool ${called} does not exist any more`)
  const { definition, displayName } = found
  const known = { id: found.id, ...(displayName !== undefined && { displayName }) }
  switch (definition.type) {
    case 'function': {
      const { name, description, parameters } = definition.function
      return {
        ...known,
        kind: 'function',
        name,
        description: description ?? found.description,
        parameters: parameters ?? { type: 'object', properties: {} },
      }
    }
    case 'http': {
      const { http, timeoutSeconds, onCrash } = definition
      const usual = timeoutSeconds ?? http.timeoutSeconds ?? limits.toolTimeout / 1_000
      return {
        ...known,
        kind: 'http',
        name: found.key,
        description: found.description,
        parameters: parametersOf(http.arguments),
        http: { ...http, headers: withoutSecrets(http.headers) },
        timeoutSeconds: tool.timeoutSeconds ?? usual,
        onCrash: onCrash ?? (http.method === 'GET' ? 'retry' : 'fail'),
      }
    }
    case 'json_schema':
      return definition.jsonSchema
    case 'code': {
      const { block, timeoutSeconds, onCrash } = definition
      return {
        ...known,
        kind: 'code',
        name: found.key,
        description: found.description,
        parameters: block.parameters ?? { type: 'object', properties: {} },
        code: block.code,
        timeoutSeconds: tool.timeoutSeconds ?? timeoutSeconds ?? limits.code.seconds.default,
        onCrash: onCrash ?? 'retry',
      }
    }
  }
}

/** The model does not fill the arguments that are configured. */
function builtin(
  { id, configuration }: AgentTool,
  kind: BuiltinKind,
  team: TeamMember[],
): PlanTool {
  const { name, displayName, description, parameters: whole } = builtinTools[kind]
  const fixed = new Set(Object.keys(configuration ?? {}))
  const properties = Object.entries(whole.properties).filter(([each]) => !fixed.has(each))
  const parameters = {
    ...whole,
    properties: Object.fromEntries(properties),
    ...('required' in whole && { required: whole.required.filter((each) => !fixed.has(each)) }),
  }
  const offered = { id, name, displayName, description, parameters }
  const what = { ...offered, ...(configuration && { configuration }) }
  switch (kind) {
    case 'retrieve_agents':
    case 'call_sub_agent':
      return { ...what, kind, team }
    case 'current_date':
    case 'web_scraper':
      return { ...what, kind }
  }
}

/** The JSON Schema of the arguments that a model gives. */
function parametersOf(args: Record<string, HttpArgument>): Record<string, unknown> {
  const offered = Object.entries(args).filter(([, { hidden }]) => !hidden)
  return {
    type: 'object',
    properties: Object.fromEntries(
      offered.map(([name, { type, description, default: usual }]) => [
        name,
        { type, description, ...(usual !== undefined && { default: usual }) },
      ]),
    ),
    required: offered.flatMap(([name, argument]) => (argument.default === undefined ? [name] : [])),
  }
}
