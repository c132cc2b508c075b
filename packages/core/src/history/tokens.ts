import type { HistoryResult, Message, UserFile } from './message.ts'
import type { Plan } from '../manifest/plan.ts'

/*
 * Token counts are estimates, slightly too high. Every vendor has its own tokenizer. When an estimate is too low, the
 * vendor refuses the request, and the history is trimmed once more.
 */

/** English has about 4 bytes per token. Other languages have more bytes per character. */
export function tokensOfText(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3.5)
}

/** An image costs about the same at any size. Of a document, every page is read as text and as an image. */
export function tokensOfFile({ mimeType, data }: UserFile): number {
  return mimeType === 'application/pdf' ? Math.max(3_000, Math.ceil(data.length / 35)) : 1_600
}

export function tokensOf(message: Message): number {
  return perMessage + contentOf(message)
}

const perMessage = 4

function contentOf(message: Message): number {
  switch (message.role) {
    case 'user':
      return total(message.parts, (part) =>
        part.kind === 'text' ? tokensOfText(part.text) : tokensOfFile(part),
      )
    case 'assistant':
      return (
        total(message.parts, ({ text }) => tokensOfText(text)) +
        total(message.calls, (call) => tokensOfText(call.name + JSON.stringify(call.arguments)))
      )
    case 'tool':
      return total(message.results, (result) => perMessage + tokensOfResult(result))
  }
}

/** The tokens of a result's text and files. */
export function tokensOfResult({ text, files = [] }: HistoryResult): number {
  return tokensOfText(text) + total(files, tokensOfFile)
}

/** The tokens of every call of a plan in addition to the conversation: its system prompt and its tools. */
export function tokensOfPlan(plan: Plan): number {
  const known = plans.get(plan)
  if (known !== undefined) return known
  const tools = plan.tools.map(({ name, description, parameters }) => [
    name,
    description,
    parameters,
  ])
  const { system, systemParts = {}, directions = '' } = plan
  const texts = [system, ...Object.values(systemParts), directions, JSON.stringify(tools)]
  const tokens = total(texts, tokensOfText)
  plans.set(plan, tokens)
  return tokens
}

const plans = new WeakMap<Plan, number>()

function total<T>(items: T[], tokens: (item: T) => number): number {
  return items.reduce((sum, item) => sum + tokens(item), 0)
}
