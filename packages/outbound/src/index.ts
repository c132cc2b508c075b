export { checkUrl } from './check-url.ts'
export { createEgress, type Egress, type EgressReply, type EgressRequest } from './egress.ts'
export { parseEgressAllow, type EgressAllow } from './egress-allow.ts'
export { EgressError, type EgressReason } from './egress-error.ts'
