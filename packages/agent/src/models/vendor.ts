import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { Annotations, ModelRequest, UserFile } from '@longhaul/core'
import type { ChunkReader } from './reply/read-chunk.ts'
import type { Figures } from './reply/to-usage.ts'

/** What is used of a model of the library. */
export type StreamingModel = {
  doStream(options: LanguageModelV4CallOptions): PromiseLike<{
    stream: AsyncIterable<LanguageModelV4StreamPart>
    response?: { headers?: Record<string, string> }
  }>
}

/** The differences between vendors, which each vendor's file defines. */
export type Vendor = {
  /** The library's name for this vendor's options and for the data that is sent back to it. */
  key: string
  /** Removed from error messages. */
  apiKey?: string | undefined
  languageModel(id: string): StreamingModel
  /** The agent's parameters and the output format, as far as the vendor knows them. */
  toOptions(request: ModelRequest): VendorOptions
  /** Whether a tool result of a model can hold a file. Absent for vendors whose results are texts. */
  holdsInResult?: (file: UserFile, model: string) => boolean
  figures: Figures
  /** The sources that a part of the stream names for the text before it. */
  annotationsIn?(part: LanguageModelV4StreamPart): ((text: string) => Annotations) | undefined
  /** Reads what the library leaves out of the vendor's chunks; a new reader for each answer. */
  chunkReader?(): ChunkReader
}

export type VendorOptions = Omit<
  LanguageModelV4CallOptions,
  'prompt' | 'tools' | 'toolChoice' | 'headers' | 'abortSignal'
>
