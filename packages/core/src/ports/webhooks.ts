import type { AttemptOutcome } from '../webhooks/attempts.ts'
import type { NotedEvent } from '../webhooks/response-event.ts'
import type { WorkspaceEvent } from '../webhooks/workspace-event.ts'
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryStatus,
  StoredWebhook,
  Webhook,
  WebhookDisabled,
} from '../webhooks/webhook.ts'

/** The endpoints of workspaces. */
export interface Webhooks {
  /** Stores an endpoint, whose events are noted from then on. The same one again changes nothing. */
  create(workspace: string, webhook: Webhook): Promise<'created' | 'taken'>
  get(workspace: string, id: string): Promise<StoredWebhook | undefined>
  /** All endpoints, the newest first. */
  list(workspace: string): Promise<StoredWebhook[]>
  /**
   * Stores a change of the endpoint with this revision. One that the server has disabled receives events again if
   * `enables` is set.
   */
  update(
    workspace: string,
    webhook: Webhook,
    change: { revision: number; enables: boolean },
  ): Promise<'updated' | 'changed' | 'not_found'>
  /** Removes an endpoint and its deliveries. Returns whether there was one. */
  remove(workspace: string, id: string): Promise<boolean>
  /** The store's time, epoch milliseconds: that of facts. */
  now(): Promise<number>
  /** Notes the events of a workspace from now on, for an endpoint that only a request names. */
  listen(workspace: string): Promise<void>
}

/** Selects deliveries of an endpoint. Times are epoch milliseconds. */
export type DeliveryQuery = {
  status?: DeliveryStatus | undefined
  type?: string | undefined
  since?: number | undefined
  /** The last delivery of the page before. */
  after?: string | undefined
  limit: number
}

/** The deliveries of endpoints. */
export interface Deliveries {
  /** The newest first. */
  list(
    workspace: string,
    webhookId: string,
    query: DeliveryQuery,
  ): Promise<{ items: Delivery[]; more: boolean }>
  get(workspace: string, webhookId: string, id: string): Promise<Delivery | undefined>
  /** Whether there is no delivery with an id, for each of them. */
  lacks(workspace: string, ids: readonly string[]): Promise<boolean[]>
  /** Sends an event to its endpoint again, from now on. */
  redeliver(
    workspace: string,
    webhookId: string,
    id: string,
  ): Promise<'pending' | 'not_found' | 'disabled'>
  /** Sends all deliveries that have failed and were created in a time again. Returns their number. */
  recover(
    workspace: string,
    webhookId: string,
    range: { since: number; until: number },
  ): Promise<number>
}

/** Events outside of tasks. */
export interface WorkspaceEvents {
  /**
   * Notifies the endpoints of a workspace that want the type; nothing happens without an endpoint. A repetition has the
   * same subject, and the same `webhook-id`. A caller that records a change in another slot of Redis calls this first, and
   * records the change afterwards. If the process dies in between, the repetition has the `webhook-id` of the first call.
   */
  emit(workspace: string, event: WorkspaceEvent): Promise<void>
  /** Takes noted events. Each is due again after a while, unless `done` is called. */
  take(): Promise<{ workspace: string; events: TakenEvent[] }[]>
  done(workspace: string, taken: TakenEvent): Promise<void>
  /** Ends a pass over the events of a workspace. Those that are left are taken later. */
  leave(workspace: string): Promise<void>
}

/** An event with the text that is stored. */
export type TakenEvent = { event: WorkspaceEvent; text: string }

/** An event outside of a task that a shard has noted, because what it happened to is there. */
export type ShardEvent = TakenEvent & { shard: number; workspace: string }

/** An endpoint that a worker serves. */
export type ServedEndpoint = { workspace: string; webhookId: string }

/** A delivery whose attempt a worker makes now. */
export type BegunDelivery = {
  id: string
  body: string
  /** The number of the attempt, and how many have failed if it fails: those that a dead worker made do not count. */
  attempt: number
  counted: number
}

/** The workers' side of deliveries. */
export interface DeliveryQueue {
  /**
   * Takes noted events of a shard. Each is due again after `againMs`, unless `eventDone` is called.
   */
  takeEvents(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ turns: NotedEvent[]; others: ShardEvent[] }>
  eventDone(event: NotedEvent | ShardEvent): Promise<void>
  /** Notes events of turns again, for one endpoint (`only`). The first is due after `afterMs`, each next one `everyMs` later. */
  noteAgain(
    events: readonly NotedEvent[],
    wait: { afterMs: number; everyMs: number },
  ): Promise<void>
  /**
   * Stores the delivery of an event to an endpoint, and wakes a worker. The same id again changes nothing, and neither
   * does an endpoint that was removed.
   */
  put(
    served: ServedEndpoint,
    delivery: Pick<Delivery, 'id' | 'type' | 'body'>,
    named?: Webhook,
  ): Promise<void>
  /**
   * Makes endpoints due that have deliveries to send and are in no order, at most once a minute: a process has died, or a
   * failover of Redis has lost their place.
   */
  findLost(): Promise<void>
  /** Adds tickets for endpoints that are due. Returns the milliseconds until the next one is. */
  offerDue(): Promise<number>
  /** Takes an endpoint that is due; undefined when none is. Only `holder` serves it, until `leaseMs` have passed. */
  take(holder: string, leaseMs: number): Promise<ServedEndpoint | undefined>
  /** Holds an endpoint for longer. Returns a mark of what was put there so far, or undefined when another has it. */
  hold(served: ServedEndpoint, holder: string, leaseMs: number): Promise<string | undefined>
  /** Begins attempts. Returns them, and the milliseconds until the next is due. */
  begin(
    served: ServedEndpoint,
    limit: number,
  ): Promise<{ webhook?: StoredWebhook; begun: BegunDelivery[]; nextMs: number | undefined }>
  /** Records an attempt. Returns why the endpoint was disabled by it, of which the other endpoints are notified. */
  record(
    served: ServedEndpoint,
    begun: BegunDelivery,
    attempt: DeliveryAttempt,
    outcome: AttemptOutcome,
    webhook: Pick<StoredWebhook, 'id' | 'revision' | 'name' | 'url'>,
  ): Promise<WebhookDisabled | undefined>
  /** Leaves an endpoint. Returns false, and nothing changes, if something was put there since `mark`. */
  leave(
    served: ServedEndpoint,
    holder: string,
    left: { mark: string; nextMs: number | undefined },
  ): Promise<boolean>
  /** Copies which workspaces have endpoints to shards that were added. */
  spreadListeners(): Promise<void>
  /** Whether events of a workspace are noted. */
  hasListeners(): Promise<boolean>
  /** The time of the oldest delivery that waits for a worker, in milliseconds; 0 when none does. */
  oldestMs(): Promise<number>
}
