import type { Evidence, TaskEvidence } from '../evidence/evidence.ts'

/** One promise: what of a task's evidence breaks it. */
export type Check = (task: TaskEvidence, evidence: Evidence) => string[]
