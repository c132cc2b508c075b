import { invalid, LimitsPatch } from '@longhaul/core'
import { z } from 'zod'
import { workspace } from '../../admin/fields.ts'
import { limitsBody, LimitsReply } from '../../limits/limits-body.ts'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

LimitsPatch.register(z.globalRegistry, {
  id: 'LimitsPatch',
  examples: [{ running: 20, queued: null, overrides: { 'fairness_key:user-7': { running: 1 } } }],
})

const path = '/v2/admin/workspaces/:workspace/limits'

export const adminReadLimits: OperatorRoute = {
  method: 'get',
  path,
  auth: 'operator',
  doc: {
    operationId: 'adminReadLimits',
    tag: 'Operations',
    summary: 'Read the limits of a workspace',
    description:
      'The limits that hold for a workspace, and what the workspace uses now. A workspace without limits of its own has those of the installation.',
    replies: { 200: json('The limits, and what is used.', LimitsReply) },
  },
  async handle({ params }, { limits, streams }) {
    const name = workspaceIn(params)
    return { status: 200, body: limitsBody(await limits.read(name), streams.countOf(name)) }
  },
}

export const adminChangeLimits: OperatorRoute<typeof LimitsPatch> = {
  method: 'patch',
  path,
  auth: 'operator',
  body: LimitsPatch,
  doc: {
    operationId: 'adminChangeLimits',
    tag: 'Operations',
    summary: 'Change the limits of a workspace',
    description:
      'Sets the fields that the body contains, and leaves the others as they are. A null removes a limit of the workspace, so that the default of the installation holds again. Nested objects are merged in the same way. A limit that is lowered stops nothing that runs. With `paused`, no turn of the workspace starts. Idempotent.',
    replies: { 200: json('The limits after the change, and what is used.', LimitsReply) },
    errors: { 409: 'Other requests change these limits at the same time.' },
  },
  async handle({ params, body }, { limits, streams }) {
    const name = workspaceIn(params)
    return { status: 200, body: limitsBody(await limits.change(name, body), streams.countOf(name)) }
  },
}

function workspaceIn({ workspace: name = '' }: Record<string, string>): string {
  const { success, error } = workspace.safeParse(name)
  if (success) return name
  throw invalid('workspace', error.issues[0]?.message ?? '')
}
