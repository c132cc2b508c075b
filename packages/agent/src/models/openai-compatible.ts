import { chatModel } from './chat/chat-model.ts'
import { createReasoningForms } from './errors/reasoning-forms.ts'
import { libraryProvider } from './library-provider.ts'
import type { Provider, ReturnReasoning, Server } from './provider.ts'
import { createChunkReader } from './reply/read-chunk.ts'
import {
  areSameFields,
  returnedReasoning,
  type ReasoningForm,
} from './request/returned-reasoning.ts'
import { wireParameters } from './request/wire-parameters.ts'

/**
 * Any server with OpenAI's chat completions API; `baseUrl` is the URL before `/chat/completions`. Servers differ in
 * whether they want the reasoning of their models back: some refuse a request without it, others one with it. Without
 * `returnReasoning`, a refusal that names a field teaches the provider what this model wants.
 */
export function openaiCompatible({
  baseUrl,
  apiKey,
  returnReasoning,
}: Server & { returnReasoning?: ReturnReasoning | undefined }): Provider {
  const key = keyOf(baseUrl)
  const provider = libraryProvider({
    key,
    apiKey,
    languageModel: (id) => chatModel(id, { baseUrl, apiKey, key }),
    toOptions: (request) => ({ providerOptions: { [key]: wireParameters(request) } }),
    figures: {
      total: ['total_tokens'],
      cached: ['prompt_tokens_details', 'cached_tokens'],
      reasoning: ['completion_tokens_details', 'reasoning_tokens'],
    },
    chunkReader: createChunkReader,
  })
  const forms = createReasoningForms(returnReasoning)

  return {
    async *stream(model, request, signal) {
      const fieldsOf = (form: ReasoningForm) => returnedReasoning(request.messages, { form, key })
      const usual = fieldsOf(forms.usual)

      function send(form: ReasoningForm) {
        const fields = fieldsOf(form)
        // Another body than the usual one needs another key.
        const other = areSameFields(fields, usual) ? '' : '.reasoning'
        const idempotencyKey = request.idempotencyKey + other
        return provider.stream(model, { ...request, idempotencyKey }, signal, fields)
      }

      const form = forms.of(model)
      let begun = false
      try {
        for await (const event of send(form)) {
          begun = true
          yield event
        }
        return
      } catch (error) {
        const wanted = begun ? undefined : forms.wantedAfter(error, form)
        if (wanted === undefined || areSameFields(fieldsOf(wanted), fieldsOf(form))) throw error
        for await (const event of send(wanted)) {
          // The server has accepted the request.
          forms.remember(model, wanted)
          yield event
        }
      }
    },
  }
}

/**
 * Options under this key become fields of the body unchanged. The key has no dashes, since the library would rewrite
 * them. Each server has its own key, so that the data of one server is not sent to another.
 */
function keyOf(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl)
  return `longhaul${(host + pathname).replaceAll(/[^a-z\d]/gi, '')}`
}
