import type { OperatorRoute, Route } from '../route.ts'
import { adminOverview } from './admin/overview.ts'
import { adminDiagnose, adminMend } from './admin/doctor.ts'
import { adminPause, adminResume } from './admin/pause.ts'
import { adminRedrive } from './admin/redrive.ts'
import { adminRedriveMany } from './admin/redrive-many.ts'
import { adminTasks } from './admin/list-tasks.ts'
import { cancelResponse } from './responses/cancel-response.ts'
import { createAgent } from './registries/create-agent.ts'
import { createMcpServer } from './registries/create-mcp-server.ts'
import { createResponse } from './responses/create-response.ts'
import { createTool } from './registries/create-tool.ts'
import { createWatchToken } from './responses/create-watch-token.ts'
import { deleteAgent } from './registries/delete-agent.ts'
import { deleteMcpServer } from './registries/delete-mcp-server.ts'
import { deleteResponse } from './responses/delete-response.ts'
import { deleteTool } from './registries/delete-tool.ts'
import { readResponse } from './responses/read-response.ts'
import { getToolVersion } from './registries/get-tool-version.ts'
import { listAllResponses } from './responses/list-all-responses.ts'
import { listAgents } from './registries/list-agents.ts'
import { listMcpServers } from './registries/list-mcp-servers.ts'
import { listResponses } from './responses/list-responses.ts'
import { listToolVersions } from './registries/list-tool-versions.ts'
import { listTools } from './registries/list-tools.ts'
import { listReviews } from './responses/list-reviews.ts'
import { listInputItems } from './responses/list-input-items.ts'
import { listModels } from './registries/list-models.ts'
import { atEachBase } from './responses/mount.ts'
import { readLog } from './responses/read-log.ts'
import { retrieveAgent } from './registries/retrieve-agent.ts'
import { retrieveMcpServer } from './registries/retrieve-mcp-server.ts'
import { retrieveTool } from './registries/retrieve-tool.ts'
import { reviewCall } from './responses/review-call.ts'
import { syncMcpServer } from './registries/sync-mcp-server.ts'
import { tryMcpTool } from './registries/try-mcp-tool.ts'
import { updateAgent } from './registries/update-agent.ts'
import { updateMcpServer } from './registries/update-mcp-server.ts'
import { updateTool } from './registries/update-tool.ts'
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

  createAgent,
  listAgents,
  retrieveAgent,
  updateAgent,
  deleteAgent,

  createTool,
  listTools,
  retrieveTool,
  updateTool,
  deleteTool,
  listToolVersions,
  getToolVersion,

  createMcpServer,
  listMcpServers,
  syncMcpServer,
  retrieveMcpServer,
  updateMcpServer,
  deleteMcpServer,
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
