import { ModelError } from '@longhaul/core'
import { LRUCache } from 'lru-cache'
import type { ReturnReasoning } from '../provider.ts'
import type { ReasoningForm } from '../request/returned-reasoning.ts'

/**
 * In which form each model of a server gets its reasoning back: as the operator has set it, or as the server's refusals
 * have taught this process. Usually a server gets only the objects that it sent itself.
 */
export function createReasoningForms(setting: ReturnReasoning | undefined) {
  const usual = setting === undefined ? { details: true } : formOf(setting)
  const learnt = new LRUCache<string, ReasoningForm>({ max: 100 })

  return {
    usual,

    of: (model: string): ReasoningForm => learnt.get(model) ?? usual,

    /** The form to try after a request in this form has failed; undefined when the error says nothing about it. */
    wantedAfter(error: unknown, form: ReasoningForm): ReasoningForm | undefined {
      return setting === undefined ? otherForm(error, form) : undefined
    },

    remember(model: string, form: ReasoningForm): void {
      if (learnt.get(model) !== form) learnt.set(model, form)
    },
  }
}

function formOf(setting: ReturnReasoning): ReasoningForm {
  if (setting === 'none') return { details: false }
  return setting === 'reasoning_details' ? { details: true } : { text: setting, details: true }
}

/** A field that the server names was missing if the form does not have it, and was not wanted if the form has it. */
function otherForm(error: unknown, form: ReasoningForm): ReasoningForm | undefined {
  if (!(error instanceof ModelError) || !refusals.has(error.status ?? 0)) return undefined
  const field = fieldIn(error.message)
  if (field === undefined) return undefined
  const { details } = form
  if (field === 'reasoning_details') return { ...form, details: !details }
  return form.text === field ? { details } : { text: field, details }
}

const refusals = new Set([400, 422])

function fieldIn(
  message: string,
): 'reasoning_content' | 'reasoning_details' | 'reasoning' | undefined {
  if (message.includes('reasoning_content')) return 'reasoning_content'
  if (message.includes('reasoning_details')) return 'reasoning_details'
  // The bare word also occurs in errors about parameters.
  return /[`'".]reasoning\b(?!_)[`'":\s]/.test(message) ? 'reasoning' : undefined
}
