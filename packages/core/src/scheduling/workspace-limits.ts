/** The calls of a model, and the tokens of its requests and answers, in any minute. */
export type ModelRate = { requestsPerMinute?: number; tokensPerMinute?: number }
