import type { components } from './openapi.d.ts'
import type { QueryOf, ReplyOf } from './operation.ts'

type Schemas = components['schemas']

/** A task with its latest turn, and the key of its agent. */
export type Task = ReplyOf<'get', '/v2/responses/{task_id}'>
/** The reply to a turn that was just accepted. */
export type Response = Schemas['Response']
export type TaskStatus = Task['status']
export type TasksQuery = NonNullable<QueryOf<'get', '/v2/responses'>> & {
  /** Only tasks with this value of their metadata: `{ 'metadata.plan': 'pro' }`. */
  [metadata: `metadata.${string}`]: string
}
export type Message = Schemas['Message']
export type Waiting = Schemas['Waiting']
export type StreamEvent = Schemas['StreamEvent']
export type LogEntry = Schemas['LogEntry']
export type PendingReview = Schemas['PendingReview']
export type Agent = Schemas['Agent']
export type NewAgent = Schemas['CreateAgent']
export type Tool = Schemas['Tool']
export type NewTool = Schemas['CreateTool']
export type McpServer = Schemas['McpServer']
export type Limits = Schemas['Limits']
export type UsageQuery = NonNullable<QueryOf<'get', '/v2/usage'>>
export type WorkspaceUsage = Schemas['WorkspaceUsage']
export type Overview = Schemas['Overview']
export type Scale = Schemas['Scale']
export type TaskEntry = Schemas['TaskEntry']
export type Diagnosis = Schemas['Diagnosis']
export type Schedule = Schemas['Schedule']
/** An occurrence of a schedule, and what became of it. */
export type ScheduleRun = Schemas['ScheduleRun']
export type WebhookEndpoint = Schemas['WebhookEndpoint']
export type WebhookDelivery = Schemas['WebhookDelivery']
/** A delivery without its event and its attempts, as lists have it. */
export type DeliverySummary = Omit<WebhookDelivery, 'request' | 'attempts'>
/** A delivery of a task, with the name and the address of its endpoint. */
export type TaskDelivery = ReplyOf<
  'get',
  '/v2/agents/{agent_key}/responses/{task_id}/deliveries'
>['data'][number]
