/** A server of OpenAI Responses, for a client. */
export type Server = { baseURL: string; apiKey: string; model: string; signal: AbortSignal }

/** One call by a client, with its own repeats. Resolves with the answer that the client returns. */
export type Client = (prompt: string, server: Server) => Promise<string>
