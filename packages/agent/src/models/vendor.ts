import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider'
import type { ModelRequest } from '@longhaul/core'
import type { Figures } from './reply/to-usage.ts'

/** What a vendor's file knows of it; all else is the same for each. */
export type Vendor = {
  /** Under which the library keeps what is this vendor's: its options and what it wants back. */
  key: string
  /** Removed from error messages. */
  apiKey?: string | undefined
  languageModel(id: string): LanguageModelV4
  /** The agent's parameters and the form of the answer, as far as the vendor knows them. */
  toOptions(request: ModelRequest): VendorOptions
  figures: Figures
}

export type VendorOptions = Omit<
  LanguageModelV4CallOptions,
  'prompt' | 'tools' | 'toolChoice' | 'headers' | 'abortSignal'
>
