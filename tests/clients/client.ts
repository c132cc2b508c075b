/** A server of OpenAI Responses, for a client. */
export type Server = { baseURL: string; apiKey: string; model: string; signal: AbortSignal }
