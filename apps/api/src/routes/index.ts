import type { OperatorRoute, Route } from '../route.ts'
import { adminDiagnose, adminMend } from './admin/doctor.ts'
import { adminTasks } from './admin/list-tasks.ts'
import { adminOverview } from './admin/overview.ts'
import { adminPause, adminResume } from './admin/pause.ts'
import { adminRedriveMany } from './admin/redrive-many.ts'
import { adminRedrive } from './admin/redrive.ts'
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
import { createWatchToken } from './responses/create-watch-token.ts'
import { deleteResponse } from './responses/delete-response.ts'
import { listAllResponses } from './responses/list-all-responses.ts'
import { listInputItems } from './responses/list-input-items.ts'
import { listResponses } from './responses/list-responses.ts'
import { listReviews } from './responses/list-reviews.ts'
import { atEachBase } from './responses/mount.ts'
import { readLog } from './responses/read-log.ts'
import { readResponse } from './responses/read-response.ts'
import { reviewCall } from './responses/review-call.ts'
import { watchResponse } from './responses/watch-response.ts'

/** Every endpoint that needs the key of a workspace. A literal path stands before a pattern that would take it too. */
export const routes: Route[] = [
  ...atEachBase(createResponse),
  ...atEachBase(readResponse),
  ...atEachBase(cancelResponse),
  ...atEachBase(deleteResponse),
  ...atEachBase(listInputItems),
  listResponses,
  listAllResponses,
  watchResponse,
  createWatchToken,
  readLog,
  reviewCall,
  listReviews,
  listModels,

  ...agents,

  ...tools,
  listToolVersions,
  getToolVersion,

  syncMcpServer,
  ...mcpServers,
  tryMcpTool,
]

/** Every endpoint that needs the operator's key. */
export const operatorRoutes: OperatorRoute[] = [
  adminOverview,
  adminTasks,
  adminRedrive,
  adminRedriveMany,
  adminPause,
  adminResume,
  adminDiagnose,
  adminMend,
]
