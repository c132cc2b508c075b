import { doctorBody, DoctorQuery, DoctorReply, parseDoctorQuery } from '../../admin/doctor.ts'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

const paging =
  'One request scans a part of the data: while `more` is true, send the request again with `next` as `cursor`.'

export const adminDiagnose: OperatorRoute = {
  method: 'get',
  path: '/v2/admin/doctor',
  auth: 'operator',
  doc: {
    operationId: 'adminDiagnose',
    tag: 'Operations',
    summary: 'Check for inconsistencies',
    description: `Compares the tasks with the sets, the indexes and the queue that refer to them. Changes nothing. ${paging}`,
    query: DoctorQuery,
    replies: { 200: json('The findings.', DoctorReply) },
  },
  async handle({ query }, { operator }) {
    const { from, limit } = parseDoctorQuery(query)
    const result = await operator.examine(from, { repair: false, limit })
    return { status: 200, body: doctorBody(result, false) }
  },
}

export const adminRepair: OperatorRoute = {
  method: 'post',
  path: '/v2/admin/doctor',
  auth: 'operator',
  doc: {
    operationId: 'adminMend',
    tag: 'Operations',
    summary: 'Repair inconsistencies',
    description: `Repairs what a check finds. Each repair is one atomic step that checks again before it changes anything, so it is safe while workers run. Idempotent. ${paging}`,
    query: DoctorQuery,
    replies: { 200: json('The findings, which were repaired.', DoctorReply) },
  },
  async handle({ query }, { operator }) {
    const { from, limit } = parseDoctorQuery(query)
    const result = await operator.examine(from, { repair: true, limit })
    return { status: 200, body: doctorBody(result, true) }
  },
}
