import { doctorBody, DoctorQuery, DoctorReply, parseDoctorQuery } from '../../admin/doctor.ts'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

const paging =
  'A reply looks at a part of all: while it says `more`, ask again with its `next` as `cursor`.'

/** Finds inconsistencies. */
export const adminDiagnose: OperatorRoute = {
  method: 'get',
  path: '/v2/admin/doctor',
  auth: 'operator',
  doc: {
    operationId: 'adminDiagnose',
    tag: 'Operations',
    summary: 'Check for inconsistencies',
    description: `Between the tasks, the sets that lead to them and the queue. Nothing is changed. ${paging}`,
    query: DoctorQuery,
    replies: { 200: json('The findings.', DoctorReply) },
  },
  async handle({ query }, { operator }) {
    const { from, limit } = parseDoctorQuery(query)
    const walked = await operator.examine(from, { repair: false, limit })
    return { status: 200, body: doctorBody(walked, false) }
  },
}

/** Repairs them. */
export const adminRepair: OperatorRoute = {
  method: 'post',
  path: '/v2/admin/doctor',
  auth: 'operator',
  doc: {
    operationId: 'adminMend',
    tag: 'Operations',
    summary: 'Repair inconsistencies',
    description: `Each thing in one step that looks before it changes anything, also while all is at work. Idempotent. ${paging}`,
    query: DoctorQuery,
    replies: { 200: json('The findings, repaired.', DoctorReply) },
  },
  async handle({ query }, { operator }) {
    const { from, limit } = parseDoctorQuery(query)
    const walked = await operator.examine(from, { repair: true, limit })
    return { status: 200, body: doctorBody(walked, true) }
  },
}
