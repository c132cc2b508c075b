import { z } from 'zod'
import { HttpDefinition, HttpHeader } from './http-definition.ts'
import { limits } from '../limits/limits.ts'
import { McpTransport } from './mcp-transport.ts'
import { OutputFormat } from './output-format.ts'

export const Engine = z.enum(['text', 'mustache', 'jinja'])
export type Engine = z.infer<typeof Engine>

/** A model by its `provider/model` id, with the vendor's parameters under their wire names. */
export const ModelChoice = z.object({
  id: z.string(),
  /** The context window in tokens, when the operator overrides the built-in table. */
  contextWindow: z.int().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  retry: z
    .object({
      count: z.int().default(limits.model.retries),
      onCodes: z.array(z.int()).optional(),
    })
    .optional(),
})
export type ModelChoice = z.infer<typeof ModelChoice>

/** A tool as the model sees it, and its name for people. */
const described = {
  id: z.string(),
  name: z.string(),
  displayName: z.string().optional(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  /** Whether a reviewer must approve each call before it is made. */
  requiresApproval: z.boolean().optional(),
}

/** Arguments of a built-in tool that the model cannot change. */
const configured = { configuration: z.record(z.string(), z.unknown()).optional() }

/** An agent that another one may call, at a fixed version. */
export const TeamMember = z.object({
  key: z.string(),
  id: z.string(),
  version: z.string(),
  /** Its purpose, as the owner of the calling agent describes it. */
  role: z.string(),
  displayName: z.string().optional(),
  description: z.string(),
})
export type TeamMember = z.infer<typeof TeamMember>

/** What happens to a call whose worker died before the outcome was recorded. */
export const OnCrash = z.enum(['retry', 'fail', 'ask'])
export type OnCrash = z.infer<typeof OnCrash>

/** A tool of one turn, at a fixed version. The client runs a `function`, a worker runs all others. */
export const PlanTool = z.discriminatedUnion('kind', [
  z.object({
    ...described,
    kind: z.literal('function'),
    /** Set when the vendor must let the model write only arguments that match the schema. */
    strict: z.literal(true).optional(),
    /** Set when the client receives each call, whatever its arguments are. */
    unchecked: z.literal(true).optional(),
  }),
  z.object({ ...described, kind: z.literal('current_date'), ...configured }),
  z.object({ ...described, kind: z.literal('web_scraper'), ...configured }),
  z.object({
    ...described,
    kind: z.literal('retrieve_agents'),
    ...configured,
    team: z.array(TeamMember),
  }),
  z.object({
    ...described,
    kind: z.literal('call_sub_agent'),
    ...configured,
    team: z.array(TeamMember),
  }),
  z.object({
    ...described,
    kind: z.literal('http'),
    http: HttpDefinition,
    timeoutSeconds: z.number(),
    onCrash: OnCrash,
  }),
  z.object({
    ...described,
    kind: z.literal('mcp'),
    server: z.object({
      id: z.string(),
      url: z.string(),
      transport: McpTransport,
      headers: z.record(z.string(), HttpHeader),
    }),
    /** The name of the tool on its server. */
    tool: z.string(),
    timeoutSeconds: z.number(),
    onCrash: OnCrash,
  }),
  z.object({
    ...described,
    kind: z.literal('code'),
    /** Python. */
    code: z.string(),
    timeoutSeconds: z.number(),
    onCrash: OnCrash,
  }),
])
export type PlanTool = z.infer<typeof PlanTool>

/** The tools that a worker runs. */
export type ServerTool = Exclude<PlanTool, { kind: 'function' }>

/** The built-in tools. */
export type BuiltinKind = Exclude<ServerTool['kind'], 'http' | 'code' | 'mcp'>

export const Approval = z.object({
  withinSeconds: z.number(),
  otherwise: z.enum(['approved', 'rejected']),
})
export type Approval = z.infer<typeof Approval>

/** The id of the agent when a model answers without an agent. */
export const noAgent = '-'

/** The newest version of plans that this code can read. */
export const planVersion = 4

/** An agent resolved for one turn: immutable, named by its hash. */
export const Plan = z.object({
  /**
   * The version that a reader must know.
   * - 2: calls need approval. A reader without it would make them.
   * - 3: kinds of tools that version 2 lacks, or calls that a reviewer decides after a crash.
   * - 4: a request changed the plan for its turn, or sent prior messages.
   */
  v: z.literal([1, 2, 3, 4]),
  agent: z.object({ id: z.string(), key: z.string(), version: z.string() }),
  /** The template of the system prompt. `variables` are its declared defaults. */
  system: z.string(),
  /** Further templates, each rendered separately, which the system prompt can name like variables. */
  systemParts: z.record(z.string(), z.string()).optional(),
  /** Text that follows the system prompt unchanged. */
  directions: z.string().optional(),
  engine: Engine,
  variables: z.record(z.string(), z.unknown()),
  /** Set when the templates of messages may print these variables, too. */
  variablesInMessages: z.literal(true).optional(),
  /** The chain: the first model, then its fallbacks in order. */
  models: z.array(ModelChoice).min(1),
  tools: z.array(PlanTool),
  output: OutputFormat.optional(),
  /** How long a call waits for approval, and the decision when that time expires. */
  approval: Approval.optional(),
  maxIterations: z.int(),
  maxExecutionSeconds: z.number(),
  /** The limit of all model calls of the turn together. */
  maxOutputTokens: z.int().optional(),
  /** How many tool calls of the turn a worker may make. The model continues without the others. */
  maxToolCalls: z.int().optional(),
  /** Set when a conversation that is too long for the model is not shortened: the turn fails. */
  untrimmed: z.literal(true).optional(),
})
export type Plan = z.infer<typeof Plan>
