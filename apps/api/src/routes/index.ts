import type { OperatorRoute, Route } from '../route.ts'
import { adminOverview } from './admin-overview.ts'
import { adminDiagnose, adminMend } from './admin-doctor.ts'
import { adminPause, adminResume } from './admin-pause.ts'
import { adminRedrive } from './admin-redrive.ts'
import { adminRedriveMany } from './admin-redrive-many.ts'
import { adminTasks } from './admin-tasks.ts'
import { cancelResponse } from './cancel-response.ts'
import { createAgent } from './create-agent.ts'
import { createMcpServer } from './create-mcp-server.ts'
import { createResponse } from './create-response.ts'
import { createTool } from './create-tool.ts'
import { createWatchToken } from './create-watch-token.ts'
import { deleteAgent } from './delete-agent.ts'
import { deleteMcpServer } from './delete-mcp-server.ts'
import { deleteResponse } from './delete-response.ts'
import { deleteTool } from './delete-tool.ts'
import { getResponse } from './get-response.ts'
import { getToolVersion } from './get-tool-version.ts'
import { listAllResponses } from './list-all-responses.ts'
import { listAgents } from './list-agents.ts'
import { listMcpServers } from './list-mcp-servers.ts'
import { listResponses } from './list-responses.ts'
import { listToolVersions } from './list-tool-versions.ts'
import { listTools } from './list-tools.ts'
import { listReviews } from './list-reviews.ts'
import { cancelOpenResponses } from './openai/cancel-response.ts'
import { createOpenResponses } from './openai/create-response.ts'
import { deleteOpenResponses } from './openai/delete-response.ts'
import { listOpenInputItems } from './openai/list-input-items.ts'
import { listModels } from './openai/list-models.ts'
import { retrieveOpenResponses } from './openai/retrieve-response.ts'
import { readLog } from './read-log.ts'
import { retrieveAgent } from './retrieve-agent.ts'
import { retrieveMcpServer } from './retrieve-mcp-server.ts'
import { retrieveTool } from './retrieve-tool.ts'
import { reviewCall } from './review-call.ts'
import { syncMcpServer } from './sync-mcp-server.ts'
import { tryMcpTool } from './try-mcp-tool.ts'
import { updateAgent } from './update-agent.ts'
import { updateMcpServer } from './update-mcp-server.ts'
import { updateTool } from './update-tool.ts'
import { watchResponse } from './watch-response.ts'

/** Every endpoint that needs the key of a workspace. A literal path stands before a pattern that would take it too. */
export const routes: Route[] = [
  createResponse,
  listResponses,
  listAllResponses,
  getResponse,
  watchResponse,
  createWatchToken,
  readLog,
  reviewCall,
  listReviews,
  cancelResponse,
  deleteResponse,

  ...createOpenResponses,
  ...retrieveOpenResponses,
  ...cancelOpenResponses,
  ...deleteOpenResponses,
  ...listOpenInputItems,
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
