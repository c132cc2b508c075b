import type { OperatorRoute, Route } from '../route.ts'
import { adminDiagnose, adminRepair } from './admin/doctor.ts'
import { adminChangeLimits, adminReadLimits } from './admin/limits.ts'
import { adminTasks } from './admin/list-tasks.ts'
import { adminOverview } from './admin/overview.ts'
import { adminPause, adminResume } from './admin/pause.ts'
import { adminRedriveMany } from './admin/redrive-many.ts'
import { adminRedrive } from './admin/redrive.ts'
import { adminScale } from './admin/scale.ts'
import { readCaller } from './caller.ts'
import { createSignInLink } from './create-sign-in-link.ts'
import { readLimits } from './limits.ts'
import { agents } from './registries/agents.ts'
import { getToolVersion } from './registries/get-tool-version.ts'
import { listModels } from './registries/list-models.ts'
import { listToolVersions } from './registries/list-tool-versions.ts'
import { mcpServers } from './registries/mcp-servers.ts'
import { syncMcpServer } from './registries/sync-mcp-server.ts'
import { tools } from './registries/tools.ts'
import { tryMcpTool } from './registries/try-mcp-tool.ts'
import { cancelResponse } from './responses/cancel-response.ts'
import { createResponse } from './responses/create-response.ts'
import { deleteResponse } from './responses/delete-response.ts'
import { listInputItems } from './responses/list-input-items.ts'
import { atEachBase } from './responses/mount.ts'
import { readResponse } from './responses/read-response.ts'
import { startResponse } from './responses/start-response.ts'
import { schedules } from './schedules/schedules.ts'
import { createWatchToken } from './tasks/create-watch-token.ts'
import { getTask } from './tasks/get-task.ts'
import { listAllTasks } from './tasks/list-all-tasks.ts'
import { listTaskDeliveries } from './tasks/list-task-deliveries.ts'
import { listReviews } from './tasks/list-reviews.ts'
import { listTasks } from './tasks/list-tasks.ts'
import { readLog } from './tasks/read-log.ts'
import { readTime } from './tasks/read-time.ts'
import { redriveTask } from './tasks/redrive-task.ts'
import { reviewCall } from './tasks/review-call.ts'
import { watchTask } from './tasks/watch-task.ts'
import { readUsage } from './usage/read-usage.ts'
import { deliveryRoutes } from './webhooks/delivery-routes.ts'
import { openaiEndpoints } from './webhooks/openai-endpoints.ts'
import { orqWebhooks } from './webhooks/orq-webhooks.ts'

/** All routes that need the key of a workspace. A literal path precedes a pattern that also matches it. */
export const routes: Route[] = [
  ...atEachBase(createResponse),
  ...atEachBase(readResponse),
  ...atEachBase(startResponse),
  ...atEachBase(cancelResponse),
  ...atEachBase(deleteResponse),
  ...atEachBase(listInputItems),
  listModels,

  listTasks,
  listAllTasks,
  getTask,
  watchTask,
  createWatchToken,
  readLog,
  readTime,
  listTaskDeliveries,
  redriveTask,
  reviewCall,
  listReviews,

  readLimits,
  readUsage,
  readCaller,
  createSignInLink,

  ...agents,

  ...tools,
  listToolVersions,
  getToolVersion,

  syncMcpServer,
  ...mcpServers,
  tryMcpTool,

  ...openaiEndpoints,
  ...orqWebhooks,
  ...deliveryRoutes,
  ...schedules,
]

/** All routes that need the operator's key. */
export const operatorRoutes: OperatorRoute[] = [
  adminOverview,
  adminScale,
  adminTasks,
  adminRedrive,
  adminRedriveMany,
  adminPause,
  adminResume,
  adminReadLimits,
  adminChangeLimits,
  adminDiagnose,
  adminRepair,
]
