import { onTestFinished } from 'vitest'
import { test as base } from './openai-test.ts'
import { type Received, startReceiver } from './receiver.ts'

/** The processes of the product, official clients, and receivers of events, which end with their test. */
export const test = base.extend(
  'receive',
  () =>
    async (...words: Parameters<typeof startReceiver>) => {
      const receiver = await startReceiver(...words)
      onTestFinished(() => receiver.close())
      return receiver
    },
)

export function typesOf(received: Received[]): string[] {
  return received.map(({ event }) => event.type)
}
