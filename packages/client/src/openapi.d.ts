// Generated from the OpenAPI document by `npm run client-types`. Do not edit it.
// document 70ee21fe01309f4f

export interface paths {
    "/v2/agents/{agent_key}/responses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an agent's tasks
         * @description Lists tasks from the newest to the oldest, each as GET returns it. A task must match all filters. `metadata.<key>=<value>` is a filter, too. A page has at most 200 tasks. If `has_more` is true, pass `last_id` as `starting_after` for the next page.
         */
        get: operations["listResponses"];
        put?: never;
        /**
         * Create a response
         * @description Starts a task, or continues the task in `task_id`. The turn runs to its end, even if the client disconnects.
         *
         *     A body with `input` instead of `message` is a request of OpenAI Responses, and its reply has the same format.
         *
         *     By default the reply is sent when the turn has ended. With `background` it is sent at once, without output: read the result later with GET. With `stream` it is a stream of server-sent events.
         */
        post: operations["createResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the latest turn of a task
         * @description Returns the task as it is now. A response that was created in the format of OpenAI Responses, and that the path names by its own id, is returned in that format.
         */
        get: operations["getResponse"];
        put?: never;
        post?: never;
        /**
         * Delete a task
         * @description Cancels the running turn and deletes all data of the task, at once and permanently. If the path has the id of a response, only that response is deleted. The task is deleted with its last response.
         */
        delete: operations["deleteResponse"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a turn earlier or later
         * @description Moves the start time of a turn that waits for it: to `start_at`, or to now. The deadline and the expiry of the turn move with it. To start a turn that has begun or ended is no error, and changes nothing.
         */
        post: operations["startResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel the turn of a task
         * @description Stops running model and tool calls and makes no new ones. The turn fails with the error `cancelled`. Idempotent: a turn that has ended does not change.
         */
        post: operations["cancelResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/input_items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the input items of a response */
        get: operations["listInputItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List agents as models */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/responses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks of all agents
         * @description Lists tasks as the list of one agent does, each with the key of its agent.
         */
        get: operations["listAllResponses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/responses/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the latest turn of a task by its id alone
         * @description Returns the task as it is now, with the key of its agent, which the other paths of the task contain. If there is no `agent_key`, they contain `-` in its place.
         */
        get: operations["getTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a task
         * @description Streams the events of any task, until its retention is over. It does not matter how the task was created. An event has the same `id` in every stream of the task: a client that lost its connection continues after the last `id` that it received.
         *
         *     Without a cursor the stream starts with the latest turn, or with the turn of the response in the path. It stays open while the turn waits, and ends with `[DONE]` when the turn has ended. One hour after the end of a turn its deltas are deleted: `part.done` then has the whole part.
         */
        get: operations["watchResponse"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/watch-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a watch token
         * @description Creates a token that gives access to the events of this task and to nothing else. A browser's `EventSource` cannot send headers, so it opens `url`. The server checks the token when a stream is opened. An open stream stays open after the token expires.
         */
        post: operations["createWatchToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the log of a task
         * @description Lists all facts of the task in order, from its first turn: messages, model calls with their usage, tool calls with arguments and results, attempts, failures and the end. If `has_more` is true, pass the `id` of the last entry as `after` for the next page.
         */
        get: operations["readLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read where the time of a task went
         * @description Explains the time of a task, from its beginning to the end of its latest turn or to now: waiting for a slot or a limit, model calls, tools, people, sub-agents, crashes. The parts are computed from the log, and add up to the millisecond. Of tools that run at the same time, the one that ends last counts.
         */
        get: operations["readTime"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a task
         * @description What endpoints, and addresses that requests have named, were notified of: the newest event first. A delivery is kept for 30 days, and as long as its endpoint and its task exist. `webhook_id` and `id` name it in the paths of deliveries.
         */
        get: operations["listTaskDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive a failed task
         * @description Continues the failed turn in a new turn, with the same version of the agent and the same variables. Recorded steps are not repeated. The limits of the workspace apply as for any new turn. Idempotent.
         */
        post: operations["redriveTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}/responses/{task_id}/reviews/{tool_call_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or reject a tool call
         * @description Decides a tool call that waits for a review. An approved call is made, with the model's arguments or with those of the request. A rejected call is not made, and the model receives the reason. The first decision is final. Repeating the same decision is idempotent.
         */
        post: operations["reviewCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tool calls that wait for a review
         * @description Lists the tool calls of all agents that wait for a review. The calls of the newest task are first.
         */
        get: operations["listReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the limits of the workspace
         * @description The limits that the operator has set for the workspace, and what the workspace uses now.
         */
        get: operations["readLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the workspace has used
         * @description Turns and tokens by time, and by agent, model or identity. A turn counts when it ends, exactly once, and a few seconds later here. The tokens of a sub-agent count for its own turn.
         */
        get: operations["readUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/caller": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who the caller is
         * @description Returns the workspace of the key, its public id, and what it may do.
         */
        get: operations["readCaller"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/sign-in-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a link to the dashboard
         * @description Creates a link that signs a browser in to the dashboard with the key of the request. It works once, within 5 minutes.
         */
        post: operations["createSignInLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List agents
         * @description Lists items from the newest to the oldest. Without `limit` the page has all items. A page ends early at 8 MB. If `has_more` is true, pass the id of the last item as `starting_after` for the next page.
         */
        get: operations["listAgents"];
        put?: never;
        /** Create an agent */
        post: operations["createAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/agents/{agent_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an agent */
        get: operations["retrieveAgent"];
        put?: never;
        post?: never;
        /**
         * Delete an agent
         * @description Deletes all versions of the agent, cancels its turns and frees its key. Its tasks stay readable by their ids until their retention is over, and each can be deleted.
         */
        delete: operations["deleteAgent"];
        options?: never;
        head?: never;
        /**
         * Change an agent
         * @description Creates a new version. Only the fields in the request change. A list replaces the whole previous list.
         */
        patch: operations["updateAgent"];
        trace?: never;
    };
    "/v2/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tools
         * @description Lists items from the newest to the oldest. Without `limit` the page has all items. A page ends early at 8 MB. If `has_more` is true, pass the id of the last item as `starting_after` for the next page.
         */
        get: operations["listTools"];
        put?: never;
        /** Create a tool */
        post: operations["createTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/tools/{tool_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a tool */
        get: operations["retrieveTool"];
        put?: never;
        post?: never;
        /**
         * Delete a tool
         * @description Deletes all versions of the tool and frees its key.
         */
        delete: operations["deleteTool"];
        options?: never;
        head?: never;
        /**
         * Change a tool
         * @description Creates a new version. Only the fields in the request change. The type of a tool cannot change.
         */
        patch: operations["updateTool"];
        trace?: never;
    };
    "/v2/tools/{tool_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a tool
         * @description Lists items from the newest to the oldest. Without `limit` the page has all items. A page ends early at 8 MB. If `has_more` is true, pass the id of the last item as `starting_after` for the next page.
         */
        get: operations["listToolVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/tools/{tool_id}/versions/{version_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a version of a tool */
        get: operations["getToolVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/mcp-servers/{server_id}:sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sync the tools of an MCP server
         * @description Reads the list of tools from the server. Agents use the new list from then on. If the server cannot be reached, `sync_state` has the error, and the tools do not change.
         */
        post: operations["syncMcpServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/mcp-servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List MCP servers
         * @description Lists items from the newest to the oldest. Without `limit` the page has all items. A page ends early at 8 MB. If `has_more` is true, pass the id of the last item as `starting_after` for the next page.
         */
        get: operations["listMcpServers"];
        put?: never;
        /**
         * Create an MCP server
         * @description Agents can use the tools of the server after a sync.
         */
        post: operations["createMcpServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/mcp-servers/{server_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an MCP server */
        get: operations["retrieveMcpServer"];
        put?: never;
        post?: never;
        /** Delete an MCP server */
        delete: operations["deleteMcpServer"];
        options?: never;
        head?: never;
        /**
         * Change an MCP server
         * @description Only the fields in the request change. After a change of the URL the server has no tools until the next sync.
         */
        patch: operations["updateMcpServer"];
        trace?: never;
    };
    "/v2/mcp-servers/{server_id}/tools:test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a tool of an MCP server
         * @description Makes a real call of the tool, with all of its effects.
         */
        post: operations["tryMcpTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook endpoints
         * @description The newest first.
         */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description It receives the events that happen from now on.
         */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook endpoint */
        get: operations["retrieveWebhookEndpoint"];
        put?: never;
        /**
         * Change a webhook endpoint
         * @description Only the fields in the request change.
         */
        post: operations["updateWebhookEndpoint"];
        /**
         * Delete a webhook endpoint
         * @description Its deliveries are deleted, too.
         */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an endpoint a new secret */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a sample event to an endpoint
         * @description It is sent at once and only once, and is no delivery.
         */
        post: operations["testWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_event_types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the types of events */
        get: operations["listWebhookEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List webhooks */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description It receives the events that happen from now on.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count webhooks */
        get: operations["countWebhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Make a secret for a webhook
         * @description Nothing is stored.
         */
        get: operations["generateWebhookSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * List webhooks by a query in the body
         * @description Only `pagination` has an effect. Use the list for filters.
         */
        post: operations["queryWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook */
        get: operations["retrieveWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Its deliveries are deleted, too.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Only the fields in the request change. With `enabled: true`, a webhook that the server has disabled receives events again.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of an endpoint
         * @description The newest first, of the last 30 days.
         */
        get: operations["listWebhookDeliveriesOfEndpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a delivery with its attempts */
        get: operations["retrieveWebhookDeliveryOfEndpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again
         * @description With the same id, whether it was delivered or not.
         */
        post: operations["redeliverWebhookDeliveryOfEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook_endpoints/{webhook_endpoint_id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the failed or missing events of a time
         * @description Their rate leaves room for new events. A request recovers at most 10000 failed deliveries, or examines 2000 tasks, the newest first.
         */
        post: operations["recoverWebhookDeliveriesOfEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of an endpoint
         * @description The newest first, of the last 30 days.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{webhook_id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a delivery with its attempts */
        get: operations["retrieveWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again
         * @description With the same id, whether it was delivered or not.
         */
        post: operations["redeliverWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{webhook_id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the failed or missing events of a time
         * @description Their rate leaves room for new events. A request recovers at most 10000 failed deliveries, or examines 2000 tasks, the newest first.
         */
        post: operations["recoverWebhookDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v3/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schedules of all agents
         * @description The newest first, each with the key of its agent.
         */
        get: operations["listAllSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v3/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read when a schedule would fire
         * @description Checks the times of a schedule, as a creation does, and tells the next ones. Nothing is stored.
         */
        post: operations["previewSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v3/agents/{agent_key}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the schedules of an agent */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Create a schedule
         * @description Runs the agent at the times of the schedule. Each run is a request like any other: it has its own task, unless `continue_task` is set, and the limits of the workspace apply to it. A limit may delay a run. It never drops one.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v3/agents/{agent_key}/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a schedule */
        get: operations["retrieveSchedule"];
        put?: never;
        post?: never;
        /**
         * Delete a schedule
         * @description It does not fire again. The tasks that it has started stay.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule
         * @description Only the fields in the request change. Other times (`type`, `expression`, `timezone`, `start_at`, `end_at`), and an activation, begin a new generation: occurrences that wait are skipped. `null` clears an optional field.
         */
        patch: operations["updateSchedule"];
        trace?: never;
    };
    "/v3/agents/{agent_key}/schedules/{schedule_id}/execution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now
         * @description Runs the payload of an active schedule within about a second. Its times do not change. If an earlier run has not ended, this one waits for its end, unless `overlap` is `allow`.
         */
        post: operations["triggerSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v3/agents/{agent_key}/schedules/{schedule_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the occurrences of a schedule
         * @description Lists what became of each occurrence: first those that wait, then the others, the latest first. The last 1000 are kept.
         */
        get: operations["listScheduleRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v3/agents/{agent_key}/schedules/{schedule_id}/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run past occurrences of a schedule
         * @description Runs every occurrence from `from` to `to`, both included, also those that have run before. They wait for each other, unless `overlap` is `allow`. At most 100 in one request.
         */
        post: operations["backfillSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the current state
         * @description Counts the turns and jobs of each shard and in total, and lists the worker processes.
         */
        get: operations["adminOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin/scale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the demand for workers
         * @description For autoscalers: as many slots are useful as `demand` says. Turns that wait for something else than a slot are no demand. The reply is computed at most once a second. Where a workspace has turns of more than 1,000 fairness keys, `startable` is an estimate.
         */
        get: operations["adminScale"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks of all workspaces
         * @description Lists tasks whose latest turn has a status, by default `failed`, from the oldest to the newest. A task must match all filters.
         */
        get: operations["adminTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin/tasks/{task_id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive a failed task
         * @description Continues the failed turn in a new turn, with the same version of the agent and the same variables. Recorded steps are not repeated. Limits and usage start again from zero. Idempotent.
         */
        post: operations["adminRedrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive failed tasks
         * @description Redrives the failed tasks that match all filters, the oldest first, or the tasks in `ids`. Workers redrive them one after the other, `per_second` in a second, after those that are already scheduled.
         */
        post: operations["adminRedriveMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause the workers
         * @description Workers take no new jobs until they are resumed. Running turns continue. New turns are accepted and wait. Deadlines still apply. Idempotent.
         */
        post: operations["adminPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume the workers
         * @description Ends a pause: workers take jobs again. Idempotent.
         */
        post: operations["adminResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/admin/workspaces/{workspace}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the limits of a workspace
         * @description The limits that hold for a workspace, and what the workspace uses now. A workspace without limits of its own has those of the installation.
         */
        get: operations["adminReadLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the limits of a workspace
         * @description Sets the fields that the body contains, and leaves the others as they are. A null removes a limit of the workspace, so that the default of the installation holds again. Nested objects are merged in the same way. A limit that is lowered stops nothing that runs. With `paused`, no turn of the workspace starts. Idempotent.
         */
        patch: operations["adminChangeLimits"];
        trace?: never;
    };
    "/v2/admin/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check for inconsistencies
         * @description Compares the tasks with the sets, the indexes and the queue that refer to them. Changes nothing. One request scans a part of the data: while `more` is true, send the request again with `next` as `cursor`.
         */
        get: operations["adminDiagnose"];
        put?: never;
        /**
         * Repair inconsistencies
         * @description Repairs what a check finds. Each repair is one atomic step that checks again before it changes anything, so it is safe while workers run. Idempotent. One request scans a part of the data: while `more` is true, send the request again with `next` as `cursor`.
         */
        post: operations["adminMend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that the process is alive */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check that the process can serve requests */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the metrics of the process */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @example {
         *       "message": {
         *         "role": "user",
         *         "parts": [
         *           {
         *             "kind": "text",
         *             "text": "What is the date today?"
         *           }
         *         ]
         *       }
         *     }
         */
        CreateResponse: {
            /** @description The message of the user, or the results of pending tool calls. */
            message: {
                /** @constant */
                role: "user";
                /** @description The id of the message. By default the server creates one. */
                messageId?: string | null;
                parts: ({
                    /** @constant */
                    kind: "text";
                    text: string;
                } | {
                    /** @constant */
                    kind: "file";
                    file: {
                        /**
                         * @description The bytes of the file, in base64.
                         * @example iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
                         */
                        bytes: string;
                        /** @description The media type of the file, such as `application/pdf`. */
                        mimeType?: string | null;
                        /** @description The name of the file. */
                        name?: string | null;
                    } | {
                        /**
                         * @description The URL of the file. It is fetched when the turn runs, and its content is stored.
                         * @example https://example.com/plan.pdf
                         */
                        uri: string;
                        /** @description The media type of the file, such as `application/pdf`. */
                        mimeType?: string | null;
                        /** @description The name of the file. */
                        name?: string | null;
                    };
                    metadata?: {
                        [key: string]: unknown;
                    } | null;
                } | {
                    /** @constant */
                    kind: "error";
                    /** @description A message that describes an error. */
                    error: string;
                    /** @description The code of the error. */
                    code?: number | null;
                })[];
            } | {
                /** @constant */
                role: "tool";
                /** @description The id of the message. By default the server creates one. */
                messageId?: string | null;
                parts: {
                    /** @constant */
                    kind: "tool_result";
                    /** @description The id of the pending tool call. */
                    tool_call_id: string;
                    /** @description The result: any JSON value. Default: null. */
                    result?: unknown;
                    /** @description Ignored. It is not stored. */
                    metadata?: {
                        [key: string]: unknown;
                    } | null;
                }[];
            };
            /** @description The id of the task to continue, or of one of its responses. By default a new task starts. */
            task_id?: string | null;
            /** @description Values for the templates of the agent and of the message. A value of the form `{ "secret": true, "value": "…" }` is passed to tools only, never to a model. */
            variables?: {
                [key: string]: unknown;
            } | null;
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. Its `id` is the fairness key of the turn, unless the request has another one. */
            identity?: {
                id: string;
                display_name?: string | null;
                email?: string | null;
                metadata?: {
                    [key: string]: unknown;
                }[] | null;
                logo_url?: string | null;
                tags?: string[] | null;
            } | null;
            /**
             * @deprecated
             * @description The older name of `identity`. If both are present, `identity` takes precedence.
             */
            contact?: {
                id: string;
                display_name?: string | null;
                email?: string | null;
                metadata?: {
                    [key: string]: unknown;
                }[] | null;
                logo_url?: string | null;
                tags?: string[] | null;
            } | null;
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs. */
            thread?: {
                id: string;
                tags?: string[] | null;
            } | null;
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs. */
            memory?: {
                entity_id: string;
            } | null;
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs. */
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description The template engine for this turn. Default: the engine of the agent. */
            engine?: ("text" | "mustache" | "jinja") | null;
            /** @description It has no effect: only `background` decides whether the reply waits. */
            configuration?: {
                blocking?: boolean | null;
            } | null;
            /** @description Whether the server replies at once, while the turn continues. */
            background?: boolean | null;
            /** @description Whether the reply is a stream of server-sent events. It takes precedence over `background`. */
            stream?: boolean | null;
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs. */
            conversation?: {
                _id: string;
            } | null;
            longhaul?: components["schemas"]["TurnOptions"] | null;
        };
        /** @description When the turn starts. Each field can also be sent as a header. */
        TurnOptions: {
            priority?: (1 | 2 | 3 | 4 | 5) | null;
            fairness_key?: string | null;
            start_at?: string | null;
            expires_in?: string | null;
            webhook?: string | null;
        };
        CreateOpenResponse: {
            /**
             * @description `agent/<key>` or `agent/<key>@<version>` for an agent; `provider/model` for a model without an agent. If the path names an agent, the same agent is accepted, another agent is refused, and a model id has no effect.
             * @example agent/support
             */
            model?: string;
            /** @description The input: a text, or a list of items. The turn answers the last item. The items before it start the conversation or continue it. */
            input: string | (({
                /** @constant */
                type?: "message";
                /** @enum {string} */
                role: "user" | "assistant" | "system" | "developer";
                content: string | ({
                    /** @enum {string} */
                    type: "input_text" | "output_text" | "text" | "summary_text" | "reasoning_text";
                    text: string;
                    annotations?: {
                        [key: string]: unknown;
                    }[];
                } | {
                    /** @constant */
                    type: "refusal";
                    refusal: string;
                } | {
                    /** @constant */
                    type: "input_image";
                    /**
                     * @description A data URL, or a URL that is fetched when the turn runs.
                     * @example https://example.com/cat.png
                     */
                    image_url?: string;
                    /** @description It has no effect. */
                    detail?: string;
                    /** @description Not supported: the server stores no files. A value is refused. */
                    file_id?: string;
                } | {
                    /** @constant */
                    type: "input_file";
                    /** @description The bytes of the file: a data URL, or base64. */
                    file_data?: string;
                    /**
                     * @description The URL of the file. It is fetched when the turn runs, and its content is stored.
                     * @example https://example.com/plan.pdf
                     */
                    file_url?: string;
                    filename?: string;
                    /** @description Not supported: the server stores no files. A value is refused. */
                    file_id?: string;
                })[];
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "function_call_output";
                call_id: string;
                output: string | ({
                    /** @enum {string} */
                    type: "input_text" | "output_text" | "text" | "summary_text" | "reasoning_text";
                    text: string;
                    annotations?: {
                        [key: string]: unknown;
                    }[];
                } | {
                    /** @constant */
                    type: "refusal";
                    refusal: string;
                } | {
                    /** @constant */
                    type: "input_image";
                    /**
                     * @description A data URL, or a URL that is fetched when the turn runs.
                     * @example https://example.com/cat.png
                     */
                    image_url?: string;
                    /** @description It has no effect. */
                    detail?: string;
                    /** @description Not supported: the server stores no files. A value is refused. */
                    file_id?: string;
                } | {
                    /** @constant */
                    type: "input_file";
                    /** @description The bytes of the file: a data URL, or base64. */
                    file_data?: string;
                    /**
                     * @description The URL of the file. It is fetched when the turn runs, and its content is stored.
                     * @example https://example.com/plan.pdf
                     */
                    file_url?: string;
                    filename?: string;
                    /** @description Not supported: the server stores no files. A value is refused. */
                    file_id?: string;
                })[];
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "custom_tool_call_output";
                call_id: string;
                output: string | ({
                    /** @enum {string} */
                    type: "input_text" | "output_text" | "text" | "summary_text" | "reasoning_text";
                    text: string;
                    annotations?: {
                        [key: string]: unknown;
                    }[];
                } | {
                    /** @constant */
                    type: "refusal";
                    refusal: string;
                } | {
                    /** @constant */
                    type: "input_image";
                    /**
                     * @description A data URL, or a URL that is fetched when the turn runs.
                     * @example https://example.com/cat.png
                     */
                    image_url?: string;
                    /** @description It has no effect. */
                    detail?: string;
                    /** @description Not supported: the server stores no files. A value is refused. */
                    file_id?: string;
                } | {
                    /** @constant */
                    type: "input_file";
                    /** @description The bytes of the file: a data URL, or base64. */
                    file_data?: string;
                    /**
                     * @description The URL of the file. It is fetched when the turn runs, and its content is stored.
                     * @example https://example.com/plan.pdf
                     */
                    file_url?: string;
                    filename?: string;
                    /** @description Not supported: the server stores no files. A value is refused. */
                    file_id?: string;
                })[];
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "mcp_call";
                id: string;
                name: string;
                arguments: string;
                output?: string | null;
                error?: (string | {
                    type?: string;
                    code?: unknown;
                    message?: string;
                    content?: unknown;
                }) | null;
                status?: string;
            } | {
                /**
                 * @description The reasoning of an answer of the history. Its text is sent to servers that want the reasoning of their model back, with the calls of the same turn. It is ignored where no item of an answer follows, and by other servers.
                 * @constant
                 */
                type: "reasoning";
                id?: string;
                content?: {
                    text?: string;
                }[] | null;
                summary?: {
                    text?: string;
                }[] | null;
                /** @description Accepted and ignored: only the server that made it can read it. */
                encrypted_content?: string | null;
            } | {
                type: "item_reference" | null;
                id: string;
            } | {
                /** @constant */
                type: "function_call";
                call_id: string;
                name: string;
                namespace?: string;
                arguments: string;
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "custom_tool_call";
                call_id: string;
                name: string;
                namespace?: string;
                input: string;
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "shell_call";
                call_id: string;
                action: {
                    commands: string[];
                    timeout_ms?: number;
                    max_output_length?: number;
                };
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "shell_call_output";
                call_id: string;
                output: {
                    stdout: string;
                    stderr: string;
                    outcome: {
                        /** @constant */
                        type: "exit";
                        exit_code: number;
                    } | {
                        /** @constant */
                        type: "timeout";
                    };
                }[];
                max_output_length?: number;
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "local_shell_call";
                call_id?: string;
                action: {
                    /** @constant */
                    type?: "exec";
                    command: string[];
                    env?: {
                        [key: string]: unknown;
                    };
                    timeout_ms?: number;
                    user?: string;
                    working_directory?: string;
                };
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "local_shell_call_output";
                call_id?: string;
                output: string;
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "apply_patch_call";
                call_id: string;
                operation: {
                    /** @constant */
                    type: "create_file";
                    path: string;
                    diff: string;
                } | {
                    /** @constant */
                    type: "update_file";
                    path: string;
                    diff: string;
                } | {
                    /** @constant */
                    type: "delete_file";
                    path: string;
                };
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "apply_patch_call_output";
                call_id: string;
                output?: string;
                id?: string;
                /** @enum {string} */
                status: "completed" | "failed";
            } | {
                /** @constant */
                type: "tool_search_call";
                call_id?: string;
                /** @enum {string} */
                execution?: "server" | "client";
                arguments?: unknown;
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "tool_search_output";
                call_id?: string;
                /** @enum {string} */
                execution?: "server" | "client";
                tools: (({
                    /** @constant */
                    type: "function";
                    name: string;
                    description?: string;
                    /** @description The JSON Schema of the arguments: an object. */
                    parameters?: {
                        [key: string]: unknown;
                    };
                    /** @description `true` is sent to the provider: the arguments must follow the schema strictly. Without it providers are not strict. */
                    strict?: boolean;
                } | {
                    /** @constant */
                    type: "custom";
                    name: string;
                    description?: string;
                    /** @description The model reads a grammar in the description of the tool. */
                    format?: {
                        /** @constant */
                        type: "text";
                    } | {
                        /** @constant */
                        type: "grammar";
                        /** @enum {string} */
                        syntax: "lark" | "regex";
                        definition: string;
                    };
                } | {
                    /** @constant */
                    type: "namespace";
                    name: string;
                    description?: string;
                    tools: (({
                        /** @constant */
                        type: "function";
                        name: string;
                        description?: string;
                        /** @description The JSON Schema of the arguments: an object. */
                        parameters?: {
                            [key: string]: unknown;
                        };
                        /** @description `true` is sent to the provider: the arguments must follow the schema strictly. Without it providers are not strict. */
                        strict?: boolean;
                    } | {
                        /** @constant */
                        type: "custom";
                        name: string;
                        description?: string;
                        /** @description The model reads a grammar in the description of the tool. */
                        format?: {
                            /** @constant */
                            type: "text";
                        } | {
                            /** @constant */
                            type: "grammar";
                            /** @enum {string} */
                            syntax: "lark" | "regex";
                            definition: string;
                        };
                    }) | {
                        type: string;
                    })[];
                } | {
                    /** @constant */
                    type: "shell";
                    environment?: {
                        /** @constant */
                        type: "local";
                        /** @description The model reads them in the description of the tool. */
                        skills?: {
                            name: string;
                            description: string;
                            path: string;
                        }[];
                    } | {
                        /** @enum {string} */
                        type: "container_auto" | "container_reference";
                    };
                } | {
                    /** @constant */
                    type: "local_shell";
                } | {
                    /** @constant */
                    type: "apply_patch";
                } | {
                    /** @constant */
                    type: "tool_search";
                    /** @enum {string} */
                    execution?: "server" | "client";
                    description?: string;
                    parameters?: {
                        [key: string]: unknown;
                    };
                }) | {
                    type: string;
                })[];
                id?: string;
                status?: string;
            } | {
                /** @constant */
                type: "additional_tools";
                role?: string;
                tools: (({
                    /** @constant */
                    type: "function";
                    name: string;
                    description?: string;
                    /** @description The JSON Schema of the arguments: an object. */
                    parameters?: {
                        [key: string]: unknown;
                    };
                    /** @description `true` is sent to the provider: the arguments must follow the schema strictly. Without it providers are not strict. */
                    strict?: boolean;
                } | {
                    /** @constant */
                    type: "custom";
                    name: string;
                    description?: string;
                    /** @description The model reads a grammar in the description of the tool. */
                    format?: {
                        /** @constant */
                        type: "text";
                    } | {
                        /** @constant */
                        type: "grammar";
                        /** @enum {string} */
                        syntax: "lark" | "regex";
                        definition: string;
                    };
                } | {
                    /** @constant */
                    type: "namespace";
                    name: string;
                    description?: string;
                    tools: (({
                        /** @constant */
                        type: "function";
                        name: string;
                        description?: string;
                        /** @description The JSON Schema of the arguments: an object. */
                        parameters?: {
                            [key: string]: unknown;
                        };
                        /** @description `true` is sent to the provider: the arguments must follow the schema strictly. Without it providers are not strict. */
                        strict?: boolean;
                    } | {
                        /** @constant */
                        type: "custom";
                        name: string;
                        description?: string;
                        /** @description The model reads a grammar in the description of the tool. */
                        format?: {
                            /** @constant */
                            type: "text";
                        } | {
                            /** @constant */
                            type: "grammar";
                            /** @enum {string} */
                            syntax: "lark" | "regex";
                            definition: string;
                        };
                    }) | {
                        type: string;
                    })[];
                } | {
                    /** @constant */
                    type: "shell";
                    environment?: {
                        /** @constant */
                        type: "local";
                        /** @description The model reads them in the description of the tool. */
                        skills?: {
                            name: string;
                            description: string;
                            path: string;
                        }[];
                    } | {
                        /** @enum {string} */
                        type: "container_auto" | "container_reference";
                    };
                } | {
                    /** @constant */
                    type: "local_shell";
                } | {
                    /** @constant */
                    type: "apply_patch";
                } | {
                    /** @constant */
                    type: "tool_search";
                    /** @enum {string} */
                    execution?: "server" | "client";
                    description?: string;
                    parameters?: {
                        [key: string]: unknown;
                    };
                }) | {
                    type: string;
                })[];
                id?: string;
                status?: string;
            }) | ({
                type: string;
            } & {
                [key: string]: unknown;
            }))[];
            /** @description Instructions for this turn only. They follow the instructions of the agent. */
            instructions?: string;
            /** @description The id of the response to continue. If it is not the latest response of its conversation, the conversation forks there. */
            previous_response_id?: string;
            /** @description The conversation to continue. An unknown name starts a new conversation. */
            conversation?: string | {
                id: string;
            };
            /** @description Tools that the caller runs, in addition to the agent's tools. The model sees each of them as a function. Tools that the server would have to run are left out, and the header `Longhaul-Ignored` of the reply names them. */
            tools?: (({
                /** @constant */
                type: "function";
                name: string;
                description?: string;
                /** @description The JSON Schema of the arguments: an object. */
                parameters?: {
                    [key: string]: unknown;
                };
                /** @description `true` is sent to the provider: the arguments must follow the schema strictly. Without it providers are not strict. */
                strict?: boolean;
            } | {
                /** @constant */
                type: "custom";
                name: string;
                description?: string;
                /** @description The model reads a grammar in the description of the tool. */
                format?: {
                    /** @constant */
                    type: "text";
                } | {
                    /** @constant */
                    type: "grammar";
                    /** @enum {string} */
                    syntax: "lark" | "regex";
                    definition: string;
                };
            } | {
                /** @constant */
                type: "namespace";
                name: string;
                description?: string;
                tools: (({
                    /** @constant */
                    type: "function";
                    name: string;
                    description?: string;
                    /** @description The JSON Schema of the arguments: an object. */
                    parameters?: {
                        [key: string]: unknown;
                    };
                    /** @description `true` is sent to the provider: the arguments must follow the schema strictly. Without it providers are not strict. */
                    strict?: boolean;
                } | {
                    /** @constant */
                    type: "custom";
                    name: string;
                    description?: string;
                    /** @description The model reads a grammar in the description of the tool. */
                    format?: {
                        /** @constant */
                        type: "text";
                    } | {
                        /** @constant */
                        type: "grammar";
                        /** @enum {string} */
                        syntax: "lark" | "regex";
                        definition: string;
                    };
                }) | {
                    type: string;
                })[];
            } | {
                /** @constant */
                type: "shell";
                environment?: {
                    /** @constant */
                    type: "local";
                    /** @description The model reads them in the description of the tool. */
                    skills?: {
                        name: string;
                        description: string;
                        path: string;
                    }[];
                } | {
                    /** @enum {string} */
                    type: "container_auto" | "container_reference";
                };
            } | {
                /** @constant */
                type: "local_shell";
            } | {
                /** @constant */
                type: "apply_patch";
            } | {
                /** @constant */
                type: "tool_search";
                /** @enum {string} */
                execution?: "server" | "client";
                description?: string;
                parameters?: {
                    [key: string]: unknown;
                };
            }) | {
                type: string;
            })[];
            tool_choice?: ("none" | "auto" | "required") | ({
                /** @enum {string} */
                type: "function" | "custom";
                name: string;
                namespace?: string;
            } | {
                /** @enum {string} */
                type: "shell" | "local_shell" | "apply_patch" | "tool_search";
            } | {
                /** @enum {string} */
                type: "web_search" | "web_search_2025_08_26" | "web_search_preview" | "web_search_preview_2025_03_11" | "file_search" | "computer" | "computer_use" | "computer_use_preview" | "code_interpreter" | "image_generation" | "mcp" | "programmatic_tool_calling";
            } | {
                /** @constant */
                type: "allowed_tools";
                /**
                 * @default auto
                 * @enum {string}
                 */
                mode?: "none" | "auto" | "required";
                tools: {
                    /** @default function */
                    type?: string;
                    /** @description Required for tools that have names. */
                    name?: string;
                    namespace?: string;
                }[];
            });
            parallel_tool_calls?: boolean;
            /** @description The maximum number of tool calls that the server makes in the turn. The model then continues without tools. */
            max_tool_calls?: number;
            text?: {
                format?: {
                    /** @constant */
                    type: "text";
                } | {
                    /** @constant */
                    type: "json_object";
                } | {
                    /** @constant */
                    type: "json_schema";
                    /** @default answer */
                    name?: string;
                    description?: string;
                    schema?: {
                        [key: string]: unknown;
                    };
                    strict?: boolean;
                };
                /** @enum {string} */
                verbosity?: "low" | "medium" | "high";
            };
            reasoning?: {
                /** @enum {string} */
                effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
                /**
                 * @description Whether reasoning is also shown as its summary. The summary is the complete reasoning, whatever the value.
                 * @enum {string}
                 */
                summary?: "auto" | "concise" | "detailed";
            };
            /** @description The maximum number of output tokens of all model calls of the turn together. */
            max_output_tokens?: number;
            temperature?: number;
            top_p?: number;
            top_k?: number;
            presence_penalty?: number;
            frequency_penalty?: number;
            stop_sequences?: string[];
            /**
             * @description `auto`: the oldest parts of a conversation that is too long for the model are left out. `disabled`: the turn fails instead.
             * @enum {string}
             */
            truncation?: "auto" | "disabled";
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs. */
            metadata?: {
                [key: string]: string;
            };
            /** @description Whether the server replies at once, while the turn continues. */
            background?: boolean;
            /** @description Whether the reply is a stream of server-sent events. It takes precedence over `background`. */
            stream?: boolean;
            /** @description It has no effect: the stream is never obfuscated. */
            stream_options?: {
                include_obfuscation?: boolean;
            };
            /** @description `false`: the response is purged 10 minutes after its end. */
            store?: boolean;
            /** @description It has no effect: a response always has all of its fields. */
            include?: ("reasoning.encrypted_content" | "message.output_text.logprobs" | "message.input_image.image_url" | "file_search_call.results" | "web_search_call.results" | "web_search_call.action.sources" | "computer_call_output.output.image_url" | "code_interpreter_call.outputs")[];
            prompt_cache_key?: string;
            /** @description Stored and returned unchanged. It has no effect. */
            prompt_cache_retention?: string;
            /** @description Stored and returned unchanged. It is the fairness key of the turn, unless the request has another one. `safety_identifier` takes precedence over `user`, and `user` over `identity`. */
            safety_identifier?: string;
            /**
             * @description The priority of the turn, and returned unchanged: `priority`, `fast` and `ultrafast` are priority 1, `default` and `scale` 3, `flex` 5, and `auto` is the default of the agent. `longhaul.priority` takes precedence.
             * @enum {string}
             */
            service_tier?: "auto" | "default" | "flex" | "fast" | "ultrafast" | "scale" | "priority";
            /** @description Stored and returned unchanged. It is the fairness key of the turn, unless the request has another one. `safety_identifier` takes precedence over `user`, and `user` over `identity`. */
            user?: string;
            /** @constant */
            top_logprobs?: 0;
            /** @description Values for the templates of the agent. Input of this dialect is never a template. */
            variables?: {
                [key: string]: unknown;
            };
            /**
             * @description The template engine for this turn. Default: the engine of the agent.
             * @enum {string}
             */
            template_engine?: "text" | "mustache" | "jinja";
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. Its `id` is the fairness key of the turn, unless the request has another one. */
            identity?: {
                id: string;
                display_name?: string | null;
                email?: string | null;
                metadata?: {
                    [key: string]: unknown;
                }[] | null;
                logo_url?: string | null;
                tags?: string[] | null;
            };
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs. */
            thread?: {
                id: string;
                tags?: string[] | null;
            };
            /** @description Stored with the task, returned by GET, and usable as a filter of lists. It changes nothing in how the turn runs. */
            memory?: {
                entity_id: string;
            };
            /** @description Fallback models. They replace those of the agent. */
            fallbacks?: {
                /** @example openai/gpt-4o */
                model: string;
            }[];
            retry?: {
                count: number;
                on_codes?: number[] | null;
            };
            /** @description `call_timeout`: the maximum duration of one model call, in milliseconds. */
            timeout?: {
                call_timeout: number;
            };
            limits?: {
                /** @description The maximum number of model calls in the turn. */
                max_iterations?: number;
                /** @description The maximum duration of the turn, in seconds. */
                max_execution_time?: number;
                /** @description Not supported yet. A value above 0 is refused. */
                max_cost?: number;
            };
            longhaul?: components["schemas"]["TurnOptions"];
            /** @description Not supported yet. A value that requires it is refused. */
            guardrails?: unknown;
            /** @description Not supported yet. A value that requires it is refused. */
            plugins?: unknown;
            /** @description Not supported yet. A value that requires it is refused. */
            security?: unknown;
            /** @description Not supported yet. A value that requires it is refused. */
            prompt?: unknown;
            /** @description Not supported yet. A value that requires it is refused. */
            context_management?: unknown;
        };
        /** @description When the turn starts. Without `start_at`: now. */
        StartResponse: {
            start_at?: string | null;
        };
        CreateWatchToken: {
            /** @description The number of seconds for which the token is valid. Default: 600. */
            expires_in?: number;
        };
        /**
         * @example {
         *       "review": "approved"
         *     }
         */
        Review: {
            /**
             * @description The decision.
             * @enum {string}
             */
            review: "approved" | "rejected";
            /** @description The reason for a rejection. The model receives it. */
            reason?: string;
            /** @description The arguments that replace those of the model. Only with `approved`. */
            arguments?: {
                [key: string]: unknown;
            };
        };
        CreateAgent: {
            /** @description The display name. Default: the key. */
            display_name?: string;
            /** @description The system prompt. */
            system_prompt?: string | null;
            /** @description The models that are called, in order, when the primary model fails. */
            fallback_models?: components["schemas"]["Model"][];
            /** @description Stored and returned unchanged. It has no effect. */
            memory_stores?: string[];
            /** @description Stored and returned unchanged. It has no effect. */
            knowledge_bases?: {
                knowledge_id: string;
            }[];
            /** @description The agents that `call_sub_agent` can call, by their keys. */
            team_of_agents?: {
                key: string;
                role?: string;
            }[];
            /** @description Stored and returned unchanged. It has no effect. */
            skills?: string[] | null;
            /** @description Default values of template variables. */
            variables?: {
                [key: string]: unknown;
            };
            /**
             * @description Stored and returned unchanged. It has no effect.
             * @enum {string}
             */
            source?: "internal" | "external" | "experiment";
            /**
             * @description The template engine of the instructions. Default: `text`.
             * @enum {string}
             */
            engine?: "text" | "mustache" | "jinja";
            key: string;
            role: string;
            description: string;
            instructions: string;
            path: string;
            model: components["schemas"]["Model"];
            settings: {
                /** @description The maximum number of model calls in a turn. Default: 100. */
                max_iterations?: number;
                /** @description The maximum duration of a turn, in seconds. Default: 600. */
                max_execution_time?: number;
                /** @description Not supported yet. A value that requires it is refused. */
                max_cost?: number;
                /**
                 * @description The tools whose calls wait for a review: all tools, the tools with `requires_approval`, or none.
                 * @enum {string}
                 */
                tool_approval_required?: "all" | "respect_tool" | "none";
                /** @description Seconds that a call waits for its review. Default: 43200 (12 hours). */
                approval_timeout?: number;
                /**
                 * @description The decision when a review expires. Default: `rejected`.
                 * @enum {string}
                 */
                approval_default?: "approved" | "rejected";
                /** @description Whether templates in messages may also use the variables of the agent. Default: `false`. */
                agent_variables_in_messages?: boolean;
                /** @description Defaults of the turns of the agent, for requests that do not set them. A change replaces the whole object. */
                longhaul?: {
                    priority?: (1 | 2 | 3 | 4 | 5) | null;
                    fairness_key?: string | null;
                    expires_in?: string | null;
                };
                /** @description Stored and returned unchanged. It has no effect. */
                chat_exposed?: boolean;
                /** @description The tools of the agent. */
                tools?: {
                    /**
                     * @description The type of the tool. A type that is not supported yet is refused.
                     * @example current_date
                     * @example function
                     */
                    type: string;
                    key?: string;
                    /** @description The id of a stored tool. */
                    id?: string;
                    /**
                     * @description Whether calls of the tool wait for a review.
                     * @default false
                     */
                    requires_approval?: boolean;
                    configuration?: {
                        [key: string]: unknown;
                    };
                    display_name?: string;
                    description?: string;
                    /** @description The maximum duration of a call, in seconds. */
                    timeout?: number;
                    function?: {
                        name: string;
                        description?: string;
                        /** @description Stored and returned unchanged. It has no effect. */
                        strict?: boolean;
                        parameters?: {
                            /** @constant */
                            type: "object";
                            /** @default {} */
                            properties?: {
                                [key: string]: unknown;
                            };
                            /** @default [] */
                            required?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                    http?: {
                        blueprint: {
                            /**
                             * @description The URL. It may have placeholders such as `{{id}}`.
                             * @example https://example.com/{{id}}
                             */
                            url: string;
                            /**
                             * @description The HTTP method.
                             * @enum {string}
                             */
                            method: "GET" | "POST" | "PUT" | "DELETE";
                            headers?: {
                                [key: string]: string | {
                                    value: string;
                                    /**
                                     * @description Whether the value is a secret: it is stored encrypted, and replies mask it.
                                     * @default false
                                     */
                                    encrypted?: boolean;
                                };
                            };
                            /** @description The JSON body. Values may have placeholders such as `{{id}}`. */
                            body?: {
                                [key: string]: unknown;
                            };
                            /** @description The maximum duration of a call, in seconds. */
                            timeout?: number;
                        };
                        arguments?: {
                            [key: string]: {
                                /** @enum {string} */
                                type: "string" | "number" | "boolean";
                                description: string;
                                /**
                                 * @description Whether the model provides the argument. Otherwise its value is the variable of the same name, or `default_value`.
                                 * @default true
                                 */
                                send_to_model?: boolean;
                                default_value?: string | number | boolean;
                            };
                        };
                    };
                    code_tool?: {
                        /** @constant */
                        language: "python";
                        /** @description The Python source of the tool. */
                        code: string;
                        parameters?: {
                            /** @constant */
                            type: "object";
                            /** @default {} */
                            properties?: {
                                [key: string]: unknown;
                            };
                            /** @default [] */
                            required?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                    json_schema?: {
                        name: string;
                        description: string;
                        schema: {
                            /** @example object */
                            type: string;
                            /** @default {} */
                            properties?: {
                                [key: string]: unknown;
                            };
                            /** @default [] */
                            required?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description Sent to the provider: whether the answer must follow the schema strictly. */
                        strict?: boolean;
                    };
                    mcp?: {
                        /** @example https://mcp.example.com/mcp */
                        server_url: string;
                        headers?: {
                            [key: string]: {
                                value: string;
                                /** @default false */
                                encrypted?: boolean;
                            };
                        };
                        tools: {
                            id?: string;
                            name: string;
                            description?: string;
                            schema: {
                                /** @constant */
                                type: "object";
                                properties?: {
                                    [key: string]: unknown;
                                };
                                required?: string[];
                            } & {
                                [key: string]: unknown;
                            };
                        }[];
                        /** @enum {string} */
                        connection_type: "http" | "sse";
                    };
                    /** @description Only for an MCP server: the name of the one tool to use. By default the agent uses all tools of the server. */
                    tool_id?: string;
                    /**
                     * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
                     * @enum {string}
                     */
                    on_crash?: "retry" | "fail" | "ask";
                }[];
                /** @description Stored and returned unchanged. It has no effect. */
                evaluators?: {
                    id: string;
                    /** @enum {string} */
                    execute_on: "input" | "output";
                    /** @default 50 */
                    sample_rate?: number;
                    options?: {
                        [key: string]: unknown;
                    };
                }[];
                /** @description Not supported yet. A value that requires it is refused. */
                guardrails?: {
                    id: string;
                    /** @enum {string} */
                    execute_on: "input" | "output";
                    /** @default 50 */
                    sample_rate?: number;
                    options?: {
                        [key: string]: unknown;
                    };
                }[];
            };
        };
        /** @description A model: an object, or only its id. */
        Model: string | {
            /**
             * @description The id of the model, in the form `provider/model`.
             * @example openai/gpt-4o
             */
            id: string;
            parameters?: components["schemas"]["ModelParameters"] | null;
            /** @description The size of the context window in tokens, input and output together. Default: the size in a table of known models. */
            context_window?: number;
            retry?: {
                /**
                 * @description The number of retries of a failed model call.
                 * @default 3
                 */
                count?: number;
                /** @description The HTTP statuses on which a call is retried. */
                on_codes?: number[];
            };
        };
        /** @description The parameters of a model call. A null value counts as absent. */
        ModelParameters: {
            /** @description Stored and returned unchanged. It has no effect. */
            name?: string;
            temperature?: number | null;
            top_p?: number | null;
            top_k?: number | null;
            frequency_penalty?: number | null;
            presence_penalty?: number | null;
            seed?: number | null;
            max_tokens?: number | null;
            max_completion_tokens?: number | null;
            stop?: (string | string[]) | null;
            response_format?: {
                /** @constant */
                type: "text";
            } | {
                /** @constant */
                type: "json_object";
            } | {
                /** @constant */
                type: "json_schema";
                json_schema: {
                    name: string;
                    description?: string;
                    schema?: {
                        [key: string]: unknown;
                    };
                    /** @default false */
                    strict?: boolean;
                };
            };
            /** @enum {string} */
            reasoning_effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";
            verbosity?: string;
            thinking?: {
                /** @constant */
                type: "disabled";
            } | {
                /** @constant */
                type: "adaptive";
            } | {
                /** @constant */
                type: "enabled";
                budget_tokens: number;
                /** @enum {string} */
                thinking_level?: "minimal" | "low" | "medium" | "high";
            };
            tool_choice?: ("none" | "auto" | "required") | {
                /** @constant */
                type?: "function";
                function: {
                    name: string;
                };
            };
            parallel_tool_calls?: boolean;
            modalities?: ("text" | "audio")[] | null;
            /** @description Not supported yet. A value that requires it is refused. */
            guardrails?: {
                id: string;
                /** @enum {string} */
                execute_on: "input" | "output";
            }[];
            /** @description `response_healing` is stored and has no effect. All other plugins are refused. */
            plugins?: (({
                /** @constant */
                id: "pii_redaction";
            } & {
                [key: string]: unknown;
            }) | {
                /** @constant */
                id: "response_healing";
            } | ({
                /** @constant */
                id: "trace_scrubbing";
            } & {
                [key: string]: unknown;
            }))[];
            /** @description Stored and returned unchanged. It has no effect. */
            fallbacks?: {
                model: string;
            }[];
            /** @description Stored and returned unchanged. It has no effect. */
            cache?: {
                /** @constant */
                type: "exact_match";
                /** @default 1800 */
                ttl?: number;
            };
            /** @description Stored and returned unchanged. It has no effect. */
            load_balancer?: {
                /** @constant */
                type: "weight_based";
                models: {
                    model: string;
                    /** @default 0.5 */
                    weight?: number;
                }[];
            };
            /** @description The maximum duration of one model call, in milliseconds. */
            timeout?: {
                call_timeout: number;
            };
            cache_control?: {
                /** @constant */
                type: "ephemeral";
                /**
                 * @default 5m
                 * @enum {string}
                 */
                ttl?: "5m" | "1h";
            };
            prompt_cache_key?: string;
        };
        UpdateAgent: {
            /** @description The display name. Default: the key. */
            display_name?: string;
            /** @description The system prompt. */
            system_prompt?: string | null;
            /** @description The models that are called, in order, when the primary model fails. */
            fallback_models?: components["schemas"]["Model"][];
            /** @description Stored and returned unchanged. It has no effect. */
            memory_stores?: string[];
            /** @description Stored and returned unchanged. It has no effect. */
            knowledge_bases?: {
                knowledge_id: string;
            }[];
            /** @description The agents that `call_sub_agent` can call, by their keys. */
            team_of_agents?: {
                key: string;
                role?: string;
            }[];
            /** @description Stored and returned unchanged. It has no effect. */
            skills?: string[] | null;
            /** @description Default values of template variables. */
            variables?: {
                [key: string]: unknown;
            };
            /**
             * @description Stored and returned unchanged. It has no effect.
             * @enum {string}
             */
            source?: "internal" | "external" | "experiment";
            /**
             * @description The template engine of the instructions. Default: `text`.
             * @enum {string}
             */
            engine?: "text" | "mustache" | "jinja";
            /**
             * @description The part of the version number that is incremented. Default: `patch`.
             * @enum {string}
             */
            versionIncrement?: "major" | "minor" | "patch";
            /** @description A description of the changes in this version. */
            versionDescription?: string;
            key?: string;
            role?: string;
            description?: string;
            instructions?: string;
            path?: string;
            /** @description Stored and returned unchanged. It has no effect. */
            project_id?: string;
            model?: components["schemas"]["Model"];
            settings?: {
                /** @description The maximum number of model calls in a turn. Default: 100. */
                max_iterations?: number;
                /** @description The maximum duration of a turn, in seconds. Default: 600. */
                max_execution_time?: number;
                /** @description Not supported yet. A value that requires it is refused. */
                max_cost?: number;
                /**
                 * @description The tools whose calls wait for a review: all tools, the tools with `requires_approval`, or none.
                 * @enum {string}
                 */
                tool_approval_required?: "all" | "respect_tool" | "none";
                /** @description Seconds that a call waits for its review. Default: 43200 (12 hours). */
                approval_timeout?: number;
                /**
                 * @description The decision when a review expires. Default: `rejected`.
                 * @enum {string}
                 */
                approval_default?: "approved" | "rejected";
                /** @description Whether templates in messages may also use the variables of the agent. Default: `false`. */
                agent_variables_in_messages?: boolean;
                /** @description Defaults of the turns of the agent, for requests that do not set them. A change replaces the whole object. */
                longhaul?: {
                    priority?: (1 | 2 | 3 | 4 | 5) | null;
                    fairness_key?: string | null;
                    expires_in?: string | null;
                };
                /** @description Stored and returned unchanged. It has no effect. */
                chat_exposed?: boolean;
                /** @description The tools of the agent. */
                tools?: {
                    /**
                     * @description The type of the tool. A type that is not supported yet is refused.
                     * @example current_date
                     * @example function
                     */
                    type: string;
                    key?: string;
                    /** @description The id of a stored tool. */
                    id?: string;
                    /**
                     * @description Whether calls of the tool wait for a review.
                     * @default false
                     */
                    requires_approval?: boolean;
                    configuration?: {
                        [key: string]: unknown;
                    };
                    display_name?: string;
                    description?: string;
                    /** @description The maximum duration of a call, in seconds. */
                    timeout?: number;
                    function?: {
                        name: string;
                        description?: string;
                        /** @description Stored and returned unchanged. It has no effect. */
                        strict?: boolean;
                        parameters?: {
                            /** @constant */
                            type: "object";
                            /** @default {} */
                            properties?: {
                                [key: string]: unknown;
                            };
                            /** @default [] */
                            required?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                    http?: {
                        blueprint: {
                            /**
                             * @description The URL. It may have placeholders such as `{{id}}`.
                             * @example https://example.com/{{id}}
                             */
                            url: string;
                            /**
                             * @description The HTTP method.
                             * @enum {string}
                             */
                            method: "GET" | "POST" | "PUT" | "DELETE";
                            headers?: {
                                [key: string]: string | {
                                    value: string;
                                    /**
                                     * @description Whether the value is a secret: it is stored encrypted, and replies mask it.
                                     * @default false
                                     */
                                    encrypted?: boolean;
                                };
                            };
                            /** @description The JSON body. Values may have placeholders such as `{{id}}`. */
                            body?: {
                                [key: string]: unknown;
                            };
                            /** @description The maximum duration of a call, in seconds. */
                            timeout?: number;
                        };
                        arguments?: {
                            [key: string]: {
                                /** @enum {string} */
                                type: "string" | "number" | "boolean";
                                description: string;
                                /**
                                 * @description Whether the model provides the argument. Otherwise its value is the variable of the same name, or `default_value`.
                                 * @default true
                                 */
                                send_to_model?: boolean;
                                default_value?: string | number | boolean;
                            };
                        };
                    };
                    code_tool?: {
                        /** @constant */
                        language: "python";
                        /** @description The Python source of the tool. */
                        code: string;
                        parameters?: {
                            /** @constant */
                            type: "object";
                            /** @default {} */
                            properties?: {
                                [key: string]: unknown;
                            };
                            /** @default [] */
                            required?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                    json_schema?: {
                        name: string;
                        description: string;
                        schema: {
                            /** @example object */
                            type: string;
                            /** @default {} */
                            properties?: {
                                [key: string]: unknown;
                            };
                            /** @default [] */
                            required?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description Sent to the provider: whether the answer must follow the schema strictly. */
                        strict?: boolean;
                    };
                    mcp?: {
                        /** @example https://mcp.example.com/mcp */
                        server_url: string;
                        headers?: {
                            [key: string]: {
                                value: string;
                                /** @default false */
                                encrypted?: boolean;
                            };
                        };
                        tools: {
                            id?: string;
                            name: string;
                            description?: string;
                            schema: {
                                /** @constant */
                                type: "object";
                                properties?: {
                                    [key: string]: unknown;
                                };
                                required?: string[];
                            } & {
                                [key: string]: unknown;
                            };
                        }[];
                        /** @enum {string} */
                        connection_type: "http" | "sse";
                    };
                    /** @description Only for an MCP server: the name of the one tool to use. By default the agent uses all tools of the server. */
                    tool_id?: string;
                    /**
                     * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
                     * @enum {string}
                     */
                    on_crash?: "retry" | "fail" | "ask";
                }[];
                /** @description Stored and returned unchanged. It has no effect. */
                evaluators?: {
                    id: string;
                    /** @enum {string} */
                    execute_on: "input" | "output";
                    /** @default 50 */
                    sample_rate?: number;
                    options?: {
                        [key: string]: unknown;
                    };
                }[];
                /** @description Not supported yet. A value that requires it is refused. */
                guardrails?: {
                    id: string;
                    /** @enum {string} */
                    execute_on: "input" | "output";
                    /** @default 50 */
                    sample_rate?: number;
                    options?: {
                        [key: string]: unknown;
                    };
                }[];
            };
        };
        /**
         * @example {
         *       "type": "function",
         *       "key": "weather",
         *       "path": "Default",
         *       "description": "Tells the weather.",
         *       "function": {
         *         "name": "get_weather",
         *         "parameters": {
         *           "type": "object",
         *           "properties": {
         *             "city": {
         *               "type": "string"
         *             }
         *           },
         *           "required": [
         *             "city"
         *           ]
         *         }
         *       }
         *     }
         */
        CreateTool: {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status?: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "function";
            function: {
                name: string;
                description?: string;
                /** @description Stored and returned unchanged. It has no effect. */
                strict?: boolean;
                parameters?: {
                    /** @constant */
                    type: "object";
                    /** @default {} */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required?: string[];
                } & {
                    [key: string]: unknown;
                };
            };
        } | {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status?: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "json_schema";
            json_schema: {
                name: string;
                description: string;
                schema: {
                    /** @example object */
                    type: string;
                    /** @default {} */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required?: string[];
                } & {
                    [key: string]: unknown;
                };
                /** @description Sent to the provider: whether the answer must follow the schema strictly. */
                strict?: boolean;
            };
        } | {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status?: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "http";
            http: {
                blueprint: {
                    /**
                     * @description The URL. It may have placeholders such as `{{id}}`.
                     * @example https://example.com/{{id}}
                     */
                    url: string;
                    /**
                     * @description The HTTP method.
                     * @enum {string}
                     */
                    method: "GET" | "POST" | "PUT" | "DELETE";
                    headers?: {
                        [key: string]: string | {
                            value: string;
                            /**
                             * @description Whether the value is a secret: it is stored encrypted, and replies mask it.
                             * @default false
                             */
                            encrypted?: boolean;
                        };
                    };
                    /** @description The JSON body. Values may have placeholders such as `{{id}}`. */
                    body?: {
                        [key: string]: unknown;
                    };
                    /** @description The maximum duration of a call, in seconds. */
                    timeout?: number;
                };
                arguments?: {
                    [key: string]: {
                        /** @enum {string} */
                        type: "string" | "number" | "boolean";
                        description: string;
                        /**
                         * @description Whether the model provides the argument. Otherwise its value is the variable of the same name, or `default_value`.
                         * @default true
                         */
                        send_to_model?: boolean;
                        default_value?: string | number | boolean;
                    };
                };
            };
            /** @description The maximum duration of a call, in seconds. */
            timeout?: number;
            /**
             * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
             * @enum {string}
             */
            on_crash?: "retry" | "fail" | "ask";
        } | {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status?: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "code";
            code_tool: {
                /** @constant */
                language: "python";
                /** @description The Python source of the tool. */
                code: string;
                parameters?: {
                    /** @constant */
                    type: "object";
                    /** @default {} */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required?: string[];
                } & {
                    [key: string]: unknown;
                };
            };
            /** @description The maximum duration of a call, in seconds. */
            timeout?: number;
            /**
             * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
             * @enum {string}
             */
            on_crash?: "retry" | "fail" | "ask";
        };
        /**
         * @example {
         *       "type": "function",
         *       "description": "Tells the weather of a city."
         *     }
         */
        UpdateTool: {
            key?: string;
            path?: string;
            /** @description The display name. */
            display_name?: string;
            description?: string;
            /** @enum {string} */
            status?: "live" | "draft" | "pending" | "published";
            /**
             * @description The part of the version number that is incremented. Default: `patch`.
             * @enum {string}
             */
            versionIncrement?: "major" | "minor" | "patch";
            /** @description A description of the changes in this version. */
            versionDescription?: string;
            /** @constant */
            type: "function";
            function?: {
                name: string;
                description?: string;
                /** @description Stored and returned unchanged. It has no effect. */
                strict?: boolean;
                parameters?: {
                    /** @constant */
                    type: "object";
                    /** @default {} */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required?: string[];
                } & {
                    [key: string]: unknown;
                };
            };
        } | {
            key?: string;
            path?: string;
            /** @description The display name. */
            display_name?: string;
            description?: string;
            /** @enum {string} */
            status?: "live" | "draft" | "pending" | "published";
            /**
             * @description The part of the version number that is incremented. Default: `patch`.
             * @enum {string}
             */
            versionIncrement?: "major" | "minor" | "patch";
            /** @description A description of the changes in this version. */
            versionDescription?: string;
            /** @constant */
            type: "json_schema";
            json_schema?: {
                name: string;
                description: string;
                schema: {
                    /** @example object */
                    type: string;
                    /** @default {} */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required?: string[];
                } & {
                    [key: string]: unknown;
                };
                /** @description Sent to the provider: whether the answer must follow the schema strictly. */
                strict?: boolean;
            };
        } | {
            key?: string;
            path?: string;
            /** @description The display name. */
            display_name?: string;
            description?: string;
            /** @enum {string} */
            status?: "live" | "draft" | "pending" | "published";
            /**
             * @description The part of the version number that is incremented. Default: `patch`.
             * @enum {string}
             */
            versionIncrement?: "major" | "minor" | "patch";
            /** @description A description of the changes in this version. */
            versionDescription?: string;
            /** @constant */
            type: "http";
            http?: {
                blueprint: {
                    /**
                     * @description The URL. It may have placeholders such as `{{id}}`.
                     * @example https://example.com/{{id}}
                     */
                    url: string;
                    /**
                     * @description The HTTP method.
                     * @enum {string}
                     */
                    method: "GET" | "POST" | "PUT" | "DELETE";
                    headers?: {
                        [key: string]: string | {
                            value: string;
                            /**
                             * @description Whether the value is a secret: it is stored encrypted, and replies mask it.
                             * @default false
                             */
                            encrypted?: boolean;
                        };
                    };
                    /** @description The JSON body. Values may have placeholders such as `{{id}}`. */
                    body?: {
                        [key: string]: unknown;
                    };
                    /** @description The maximum duration of a call, in seconds. */
                    timeout?: number;
                };
                arguments?: {
                    [key: string]: {
                        /** @enum {string} */
                        type: "string" | "number" | "boolean";
                        description: string;
                        /**
                         * @description Whether the model provides the argument. Otherwise its value is the variable of the same name, or `default_value`.
                         * @default true
                         */
                        send_to_model?: boolean;
                        default_value?: string | number | boolean;
                    };
                };
            };
            /** @description The maximum duration of a call, in seconds. */
            timeout?: number;
            /**
             * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
             * @enum {string}
             */
            on_crash?: "retry" | "fail" | "ask";
        } | {
            key?: string;
            path?: string;
            /** @description The display name. */
            display_name?: string;
            description?: string;
            /** @enum {string} */
            status?: "live" | "draft" | "pending" | "published";
            /**
             * @description The part of the version number that is incremented. Default: `patch`.
             * @enum {string}
             */
            versionIncrement?: "major" | "minor" | "patch";
            /** @description A description of the changes in this version. */
            versionDescription?: string;
            /** @constant */
            type: "code";
            code_tool?: {
                /** @constant */
                language: "python";
                /** @description The Python source of the tool. */
                code: string;
                parameters?: {
                    /** @constant */
                    type: "object";
                    /** @default {} */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required?: string[];
                } & {
                    [key: string]: unknown;
                };
            };
            /** @description The maximum duration of a call, in seconds. */
            timeout?: number;
            /**
             * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
             * @enum {string}
             */
            on_crash?: "retry" | "fail" | "ask";
        };
        /**
         * @example {
         *       "key": "weather",
         *       "display_name": "Weather",
         *       "connection": {
         *         "type": "MCP_CONNECTION_TYPE_HTTP",
         *         "url": "https://mcp.example.com/mcp"
         *       },
         *       "auth": {
         *         "type": "MCP_AUTH_TYPE_NONE"
         *       },
         *       "default_tool_exposure": {
         *         "mode": "MCP_TOOL_EXPOSURE_MODE_ALL"
         *       }
         *     }
         */
        CreateMcpServer: {
            key: string;
            display_name: string;
            description?: string;
            connection: {
                /** @enum {string} */
                type: "MCP_CONNECTION_TYPE_HTTP" | "MCP_CONNECTION_TYPE_SSE";
                /** @example https://mcp.example.com/mcp */
                url: string;
            };
            auth: {
                /** @enum {string} */
                type: "MCP_AUTH_TYPE_NONE" | "MCP_AUTH_TYPE_STATIC_HEADERS";
                static_headers?: {
                    key: string;
                    value?: string;
                    /** @description The mask, as a reply has it. Sent instead of `value`, it keeps the stored value of the header. */
                    masked_value?: string;
                }[];
            };
            default_tool_exposure: {
                /** @enum {string} */
                mode: "MCP_TOOL_EXPOSURE_MODE_UNSPECIFIED" | "MCP_TOOL_EXPOSURE_MODE_ALL" | "MCP_TOOL_EXPOSURE_MODE_SELECTED" | "MCP_TOOL_EXPOSURE_MODE_NONE";
                /** @description Whether agents can use only the tools that the server declares as read-only. */
                read_only?: boolean;
                /** @description The names of the tools that agents can use, with `MCP_TOOL_EXPOSURE_MODE_SELECTED`. */
                tool_ids?: string[];
            };
            /** @description Stored and returned unchanged. It has no effect. */
            sharing?: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "description": "Tells the weather."
         *     }
         */
        UpdateMcpServer: {
            /** @description The key cannot change. Another value is refused. */
            key?: string;
            display_name?: string;
            description?: string;
            connection?: {
                /** @enum {string} */
                type: "MCP_CONNECTION_TYPE_HTTP" | "MCP_CONNECTION_TYPE_SSE";
                /** @example https://mcp.example.com/mcp */
                url: string;
            };
            auth?: {
                /** @enum {string} */
                type: "MCP_AUTH_TYPE_NONE" | "MCP_AUTH_TYPE_STATIC_HEADERS";
                static_headers?: {
                    key: string;
                    value?: string;
                    /** @description The mask, as a reply has it. Sent instead of `value`, it keeps the stored value of the header. */
                    masked_value?: string;
                }[];
            };
            default_tool_exposure?: {
                /** @enum {string} */
                mode: "MCP_TOOL_EXPOSURE_MODE_UNSPECIFIED" | "MCP_TOOL_EXPOSURE_MODE_ALL" | "MCP_TOOL_EXPOSURE_MODE_SELECTED" | "MCP_TOOL_EXPOSURE_MODE_NONE";
                /** @description Whether agents can use only the tools that the server declares as read-only. */
                read_only?: boolean;
                /** @description The names of the tools that agents can use, with `MCP_TOOL_EXPOSURE_MODE_SELECTED`. */
                tool_ids?: string[];
            };
            /** @description Stored and returned unchanged. It has no effect. */
            sharing?: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "tool_name": "forecast",
         *       "arguments": {
         *         "city": "Rome"
         *       }
         *     }
         */
        TryMcpTool: {
            tool_name: string;
            arguments?: {
                [key: string]: unknown;
            };
            discovery_variables?: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "type": "cron",
         *       "expression": "0 0 9 * * 1-5",
         *       "timezone": "Europe/Berlin",
         *       "display_name": "Morning report",
         *       "payload": {
         *         "input": "Write the morning report."
         *       }
         *     }
         */
        CreateSchedule: {
            /**
             * @description The version of the agent that runs. Default: the latest one.
             * @example 1.0.0
             */
            agent_tag?: string;
            /**
             * @description A name for people.
             * @example Morning report
             */
            display_name: string;
            /**
             * @description When the schedule fires. `cron`: 5 fields (minute, hour, day of the month, month, weekday), or 6 with a second before them. `interval`: `@every` and a duration of at least a minute, such as `@every 90m` or `@every PT1H30M`. `once`: `@at` and a time with its zone.
             * @example 0 0 9 * * 1-5
             */
            expression: string;
            /** @description What each run receives. */
            payload: {
                /**
                 * @description The input of each run: a text, or a list of items as in `POST /v3/router/responses`. The items must have their content.
                 * @example Write the morning report.
                 */
                input?: unknown;
                /** @description The id of the entity whose memory the runs use. It is stored with each task. */
                memory_entity_id?: string;
                /** @description Texts that each response of the schedule has. */
                metadata?: {
                    [key: string]: string;
                };
                /** @description Values for the templates of the agent. A value of the form `{ "secret": true, "value": "…" }` is sealed, and passed to tools only. */
                variables?: {
                    [key: string]: unknown;
                };
            };
            /**
             * @description The form of `expression`.
             * @example cron
             * @enum {string}
             */
            type: "cron" | "interval" | "once";
            /**
             * @description The time zone of a cron expression. A time that the clocks leave out fires at the first valid minute. A fixed hour that comes twice fires once. A pattern of every hour fires in every real hour. Default: `UTC`.
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description What happens when the schedule fires while an earlier run has not ended: the occurrence is skipped, waits in a queue, replaces the earlier run, or runs beside it. Default: `skip`.
             * @enum {string}
             */
            overlap?: "skip" | "queue" | "cancel_previous" | "allow";
            catch_up?: {
                /**
                 * @description How late a missed occurrence may still fire. Default: `PT1H`.
                 * @example PT1H
                 */
                window?: string;
                /**
                 * @description Which missed occurrences fire after an outage. With `none`, an occurrence fires at most a minute late. Default: `latest`.
                 * @enum {string}
                 */
                runs?: "latest" | "none" | "all";
            };
            /**
             * @description The schedule fires later by a fixed part of this duration, so that many schedules do not fire at once.
             * @example 10m
             */
            spread?: string | null;
            /**
             * @description The schedule does not fire before this time. An interval counts from it.
             * @example 2030-01-31T09:00:00Z
             */
            start_at?: string | null;
            /**
             * @description The schedule does not fire after this time.
             * @example 2040-01-31T09:00:00Z
             */
            end_at?: string | null;
            /**
             * @description How often the schedule fires.
             * @example 1000
             */
            max_runs?: number | null;
            /** @description Whether each run continues the task of the run before, so that the agent remembers it. Default: each run has its own task. */
            continue_task?: boolean;
            priority?: (1 | 2 | 3 | 4 | 5) | null;
            /** @description The schedule stops after this number of failed runs in a row. */
            pause_after_failures?: number | null;
        };
        /**
         * @example {
         *       "is_active": false
         *     }
         */
        UpdateSchedule: {
            /** @description The version of the agent that runs. `null`: the latest one. */
            agent_tag?: string | null;
            /**
             * @description A name for people.
             * @example Morning report
             */
            display_name?: string;
            /**
             * @description When the schedule fires. `cron`: 5 fields (minute, hour, day of the month, month, weekday), or 6 with a second before them. `interval`: `@every` and a duration of at least a minute, such as `@every 90m` or `@every PT1H30M`. `once`: `@at` and a time with its zone.
             * @example 0 0 9 * * 1-5
             */
            expression?: string;
            /** @description What each run receives. */
            payload?: {
                /**
                 * @description The input of each run: a text, or a list of items as in `POST /v3/router/responses`. The items must have their content.
                 * @example Write the morning report.
                 */
                input?: unknown;
                /** @description The id of the entity whose memory the runs use. It is stored with each task. */
                memory_entity_id?: string;
                /** @description Texts that each response of the schedule has. */
                metadata?: {
                    [key: string]: string;
                };
                /** @description Values for the templates of the agent. A value of the form `{ "secret": true, "value": "…" }` is sealed, and passed to tools only. */
                variables?: {
                    [key: string]: unknown;
                };
            };
            /**
             * @description The form of `expression`.
             * @example cron
             * @enum {string}
             */
            type?: "cron" | "interval" | "once";
            /**
             * @description The time zone of a cron expression. A time that the clocks leave out fires at the first valid minute. A fixed hour that comes twice fires once. A pattern of every hour fires in every real hour. Default: `UTC`.
             * @example Europe/Berlin
             */
            timezone?: string;
            /**
             * @description What happens when the schedule fires while an earlier run has not ended: the occurrence is skipped, waits in a queue, replaces the earlier run, or runs beside it. Default: `skip`.
             * @enum {string}
             */
            overlap?: "skip" | "queue" | "cancel_previous" | "allow";
            catch_up?: {
                /**
                 * @description How late a missed occurrence may still fire. Default: `PT1H`.
                 * @example PT1H
                 */
                window?: string;
                /**
                 * @description Which missed occurrences fire after an outage. With `none`, an occurrence fires at most a minute late. Default: `latest`.
                 * @enum {string}
                 */
                runs?: "latest" | "none" | "all";
            };
            /**
             * @description The schedule fires later by a fixed part of this duration, so that many schedules do not fire at once.
             * @example 10m
             */
            spread?: string | null;
            /**
             * @description The schedule does not fire before this time. An interval counts from it.
             * @example 2030-01-31T09:00:00Z
             */
            start_at?: string | null;
            /**
             * @description The schedule does not fire after this time.
             * @example 2040-01-31T09:00:00Z
             */
            end_at?: string | null;
            /**
             * @description How often the schedule fires.
             * @example 1000
             */
            max_runs?: number | null;
            /** @description Whether each run continues the task of the run before, so that the agent remembers it. Default: each run has its own task. */
            continue_task?: boolean;
            priority?: (1 | 2 | 3 | 4 | 5) | null;
            /** @description The schedule stops after this number of failed runs in a row. */
            pause_after_failures?: number | null;
            /** @description Whether the schedule fires. An activation begins a new generation. */
            is_active?: boolean;
        };
        /**
         * @example {
         *       "from": "2020-01-01T00:00:00Z",
         *       "to": "2020-01-02T00:00:00Z"
         *     }
         */
        Backfill: {
            /**
             * @description The first time of the span.
             * @example 2020-01-01T00:00:00Z
             */
            from: string;
            /**
             * @description The last time of the span. It must be in the past.
             * @example 2020-01-02T00:00:00Z
             */
            to: string;
        };
        /**
         * @example {
         *       "error": "provider_failed",
         *       "per_second": 10
         *     }
         */
        RedriveMany: {
            /** @description Only tasks that failed with this error code. */
            error?: ("cancelled" | "context_too_long" | "file_unavailable" | "task_full" | "output_too_large" | "output_invalid" | "provider_failed" | "deadline" | "expired" | "worker_crashed" | "internal") | null;
            /** @description Only tasks that failed at least this many seconds ago. */
            older_than?: number | null;
            /** @description Only tasks of this workspace. */
            workspace?: string | null;
            /** @description The maximum number of tasks to redrive. Default: 10000. */
            limit?: number | null;
            /** @description The ids of the tasks, or of their failed responses. Cannot be combined with filters. */
            ids?: string[] | null;
            /** @description The number of redrives per second. Default: 10. */
            per_second?: number | null;
        };
        /**
         * @example {
         *       "running": 20,
         *       "queued": null,
         *       "overrides": {
         *         "fairness_key:user-7": {
         *           "running": 1
         *         }
         *       }
         *     }
         */
        LimitsPatch: {
            requests_per_second?: number | null;
            burst?: number | null;
            queued?: number | null;
            running?: number | null;
            running_per_fairness_key?: number | null;
            weight?: number | null;
            streams?: number | null;
            tasks?: number | null;
            bytes?: number | null;
            paused?: boolean | null;
            spread?: number | null;
            /** @description Rates of models: for each pattern of model ids, such as `openai/*`, the requests and tokens per minute. */
            models?: {
                [key: string]: {
                    requests_per_minute?: number | null;
                    tokens_per_minute?: number | null;
                } | null;
            } | null;
            /** @description Limits of single fairness keys, as `fairness_key:` and the key, in place of those of every key. */
            overrides?: {
                [key: string]: {
                    running?: number | null;
                    weight?: number | null;
                } | null;
            } | null;
        };
        /** @description One turn of a task. */
        Response: {
            /** @description The id of the response. */
            _id: string;
            /** @description The id of the task. Send it to continue the task. */
            task_id: string;
            /** @description The final message, its text first. With `include=messages`, all messages of the task follow it. Empty while the turn runs. */
            output: components["schemas"]["Message"][];
            /**
             * Format: date-time
             * @description The time when the turn was submitted.
             */
            created_at: string;
            /** @description The id of the model that answered. Before an answer, the id of the primary model. */
            model: string;
            usage?: components["schemas"]["Usage"];
            finish_reason?: components["schemas"]["FinishReason"];
            /** @description The calls that the caller must run, with `finish_reason: function_call`. */
            pending_tool_calls?: components["schemas"]["PendingCall"][];
            telemetry: components["schemas"]["Telemetry"];
        };
        /** @description A message and its role. */
        Message: {
            messageId: string;
            /**
             * @description The author of the message.
             * @enum {string}
             */
            role: "user" | "agent" | "tool";
            parts: (components["schemas"]["TextPart"] | components["schemas"]["FilePart"] | components["schemas"]["ErrorPart"] | components["schemas"]["ToolCallPart"] | components["schemas"]["ToolResultPart"])[];
            metadata?: {
                tool_calls: components["schemas"]["CallRecord"][];
            };
        };
        TextPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "text";
            text: string;
        };
        /** @description A file as the caller sent it: its bytes, or its URL. */
        FilePart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "file";
            file: {
                bytes?: string;
                uri?: string;
                mimeType?: string;
                name?: string;
            };
        };
        ErrorPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "error";
            error: string;
            code?: number;
        };
        ToolCallPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "tool_call";
            tool_name: string;
            tool_call_id: string;
            arguments: {
                [key: string]: unknown;
            };
        };
        ToolResultPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "tool_result";
            tool_call_id: string;
            result: unknown;
            /** @description The images and documents of the result: their bytes in base64, or their URLs. Absent without files. */
            files?: {
                bytes?: string;
                uri?: string;
                mimeType?: string;
                name?: string;
            }[];
        };
        /** @description A tool call of the turn. Large values are truncated. */
        CallRecord: {
            id: string;
            name: string;
            arguments: {
                [key: string]: unknown;
            };
            /** @description The result. Absent if the call failed or has not ended. */
            result?: unknown;
            /** @description The error. Only if the call failed. */
            error?: string;
            /** @description Duration in milliseconds. */
            ms?: number;
        };
        /** @description The tokens of all model calls of the turn together. */
        Usage: {
            /** @description Input tokens, including cached tokens. */
            prompt_tokens: number;
            /** @description Output tokens, including reasoning tokens. */
            completion_tokens: number;
            /** @description Input and output tokens together. */
            total_tokens: number;
            prompt_tokens_details?: {
                cached_tokens?: number;
                cache_creation_tokens?: number;
            };
            completion_tokens_details?: {
                reasoning_tokens: number;
            };
        };
        /**
         * @description Why the turn ended. `function_call`: the caller must run functions and send their results. `tool_calls`: the turn has not ended, because calls wait for a review.
         * @enum {string}
         */
        FinishReason: "stop" | "function_call" | "tool_calls" | "length" | "content_filter" | "max_iterations" | "max_time";
        /** @description A call of a function that the caller must run. */
        PendingCall: {
            /** @description The id of the call. The result must repeat it as `tool_call_id`. */
            id: string;
            /** @constant */
            type: "function";
            function: {
                name: string;
                /** @description The arguments, as JSON text. */
                arguments: string;
            };
        };
        /** @description The ids of the trace of the turn. */
        Telemetry: {
            trace_id: string;
            span_id: string;
        };
        /** @description A response, in the format of OpenAI Responses. */
        OpenResponse: {
            id: string;
            /** @constant */
            object: "response";
            /** @description The time of creation, in Unix seconds. */
            created_at: number;
            /** @description The time of completion, in Unix seconds. null if the turn has not completed. */
            completed_at: number | null;
            /** @enum {string} */
            status: "queued" | "in_progress" | "completed" | "failed" | "cancelled" | "incomplete";
            background: boolean;
            error: components["schemas"]["OpenResponseError"] | null;
            incomplete_details: {
                reason: string;
            } | null;
            model: string;
            output: components["schemas"]["OpenOutputItem"][];
            usage: {
                input_tokens: number;
                input_tokens_details: {
                    cached_tokens: number;
                    cache_creation_tokens: number;
                    cache_write_tokens: number;
                };
                output_tokens: number;
                output_tokens_details: {
                    reasoning_tokens: number;
                };
                total_tokens: number;
            } | null;
            /** @description Always null. `GET …/input_items` returns the input. */
            input: null;
            instructions: string | null;
            previous_response_id: string | null;
            conversation?: {
                id: string;
            };
            max_output_tokens: number | null;
            max_tool_calls: number | null;
            metadata: {
                [key: string]: string;
            };
            parallel_tool_calls: boolean;
            presence_penalty: number;
            frequency_penalty: number;
            temperature: number;
            top_p: number;
            top_logprobs: number;
            prompt_cache_key: string | null;
            prompt_cache_options: null;
            prompt_cache_retention: string | null;
            reasoning: {
                [key: string]: unknown;
            } | null;
            safety_identifier: string | null;
            service_tier: string;
            store: boolean;
            text: {
                [key: string]: unknown;
            };
            tool_choice: unknown;
            tools: {
                [key: string]: unknown;
            }[];
            /** @enum {string} */
            truncation: "auto" | "disabled";
            user: string | null;
            /** @description The ids of the trace of the turn. */
            telemetry: {
                trace_id: string;
                span_id: string;
            };
        };
        /** @description Why the turn failed or was cancelled. */
        OpenResponseError: {
            /**
             * @description A code that clients know.
             * @enum {string}
             */
            code: "server_error" | "rate_limit_exceeded" | "context_length_exceeded" | "invalid_prompt";
            /** @description It begins with the code of Longhaul. */
            message: string;
            /** @enum {string} */
            type: "server_error" | "rate_limit_error" | "invalid_request_error";
            param: string | null;
        };
        /** @description An item of the output of a response. */
        OpenOutputItem: {
            id: string;
            /** @constant */
            type: "message";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            /** @constant */
            role: "assistant";
            content: ({
                /** @constant */
                type: "output_text";
                text: string;
                /** @description The sources of the text: `url_citation`, `file_citation` and others. */
                annotations: {
                    [key: string]: unknown;
                }[];
                logprobs: unknown[];
            } | {
                /** @constant */
                type: "refusal";
                refusal: string;
            })[];
        } | {
            id: string;
            /** @constant */
            type: "reasoning";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            /** @description The reasoning, if the request asked for its summary. */
            summary: {
                /** @constant */
                type: "summary_text";
                text: string;
            }[];
            content: {
                /** @constant */
                type: "reasoning_text";
                text: string;
            }[];
        } | {
            id: string;
            /** @constant */
            type: "function_call";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            call_id: string;
            /** @description The name of the function. */
            name: string;
            /** @description The namespace of the function, if it has one. */
            namespace?: string;
            /** @description The arguments: the text that the model wrote, which is usually JSON that matches the schema. */
            arguments: string;
        } | {
            id: string;
            /** @constant */
            type: "custom_tool_call";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            call_id: string;
            /** @description The name of the tool. */
            name: string;
            namespace?: string;
            /** @description The input that the model wrote. */
            input: string;
        } | {
            id: string;
            /** @constant */
            type: "shell_call";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            call_id: string;
            action: {
                commands: string[];
                timeout_ms: number | null;
                max_output_length: number | null;
            };
            environment: {
                /** @constant */
                type: "local";
            };
        } | {
            id: string;
            /** @constant */
            type: "local_shell_call";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            call_id: string;
            action: {
                /** @constant */
                type: "exec";
                command: string[];
                env: {
                    [key: string]: string;
                };
                timeout_ms?: number;
                user?: string;
                working_directory?: string;
            };
        } | {
            id: string;
            /** @constant */
            type: "apply_patch_call";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            call_id: string;
            operation: {
                /** @constant */
                type: "create_file";
                path: string;
                diff: string;
            } | {
                /** @constant */
                type: "update_file";
                path: string;
                diff: string;
            } | {
                /** @constant */
                type: "delete_file";
                path: string;
            };
        } | {
            id: string;
            /** @constant */
            type: "tool_search_call";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete";
            call_id: string;
            /** @constant */
            execution: "client";
            arguments: unknown;
        } | {
            id: string;
            /** @constant */
            type: "mcp_call";
            /** @enum {string} */
            status: "in_progress" | "completed" | "incomplete" | "failed";
            server_label: string;
            /** @description The name of the tool. */
            name: string;
            arguments: string;
            approval_request_id: string | null;
            /** @description The result. null if the call failed or has not ended. */
            output: string | null;
            /** @description The error. null if the call did not fail. */
            error: {
                /** @constant */
                type: "mcp_tool_execution_error";
                content: {
                    /** @constant */
                    type: "text";
                    text: string;
                }[];
            } | null;
        };
        /** @description One server-sent event: the JSON of its `data` line. The `id` line has the id of the event in its task. The stream ends with `data: [DONE]`. Lines that start with a colon keep the connection open. */
        StreamEvent: components["schemas"]["ResponseStartedEvent"] | components["schemas"]["PartDeltaEvent"] | components["schemas"]["PartDoneEvent"] | components["schemas"]["ToolStartedEvent"] | components["schemas"]["ToolDoneEvent"] | components["schemas"]["ToolFailedEvent"] | components["schemas"]["ToolReviewRequestedEvent"] | components["schemas"]["ToolReviewDoneEvent"] | components["schemas"]["ResponseDoneEvent"] | components["schemas"]["ResponseFailedEvent"];
        /** @description The first event of a turn. It is sent once. */
        ResponseStartedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.started";
            /** Format: date-time */
            timestamp: string;
            data: {
                responseId: string;
                taskId: string;
                model: string;
                /** @description The id of the trace of the turn. */
                workflowRunId: string;
                userMessageId: string;
                assistantMessageId: string;
                telemetry: components["schemas"]["Telemetry"];
            };
        };
        /** @description New text of a part. `delta` has only the new text. */
        PartDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "part.delta";
            /** Format: date-time */
            timestamp: string;
            data: {
                partId: string;
                delta: components["schemas"]["TextPart"] | components["schemas"]["ReasoningPart"];
            };
        };
        ReasoningPart: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "reasoning";
            reasoning: string;
            _id: string;
        };
        /** @description A part is complete. `part` has the whole part. */
        PartDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "part.done";
            /** Format: date-time */
            timestamp: string;
            data: {
                partId: string;
                part: components["schemas"]["TextPart"] | components["schemas"]["ReasoningPart"];
            };
        };
        /** @description A tool call started. */
        ToolStartedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.started";
            /** Format: date-time */
            timestamp: string;
            data: {
                toolId: string;
                toolCallId: string;
                toolName: string;
                arguments: {
                    [key: string]: unknown;
                };
            };
        };
        /** @description A tool call returned a result. */
        ToolDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.done";
            /** Format: date-time */
            timestamp: string;
            data: {
                toolId: string;
                toolCallId: string;
                result?: unknown;
            };
        };
        /** @description A tool call failed. The model receives the error, and the turn continues. */
        ToolFailedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.failed";
            /** Format: date-time */
            timestamp: string;
            data: {
                toolId: string;
                toolCallId: string;
                /** @description The error message. */
                error: string;
            };
        };
        /** @description A tool call waits for a review. */
        ToolReviewRequestedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.review.requested";
            /** Format: date-time */
            timestamp: string;
            data: {
                toolId: string;
                toolCallId: string;
                toolName?: string;
                arguments: {
                    [key: string]: unknown;
                };
                requiresApproval: boolean;
            };
        };
        /** @description A review was decided, or it expired. */
        ToolReviewDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.review.done";
            /** Format: date-time */
            timestamp: string;
            data: {
                toolId: string;
                toolCallId: string;
                /** @enum {string} */
                review: "approved" | "rejected";
            };
        };
        /** @description The last event of a turn that completed. */
        ResponseDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.done";
            /** Format: date-time */
            timestamp: string;
            data: {
                finishReason: components["schemas"]["FinishReason"];
                usage?: components["schemas"]["Usage"];
                pendingToolCalls?: components["schemas"]["PendingCall"][];
            };
        };
        /** @description The last event of a turn that failed. */
        ResponseFailedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.failed";
            /** Format: date-time */
            timestamp: string;
            data: {
                /** @description The error message. */
                error: string;
                /** @description The HTTP status that a synchronous caller receives for this error. */
                code: number;
            };
        };
        /** @description One server-sent event: the JSON of its `data` line; its `event` line is the `type`. `sequence_number` starts at 0 and has no gaps. One hour after the end of the turn its deltas are deleted and their numbers are missing: `output_text.done` still has the text. The stream ends with `data: [DONE]`. */
        OpenStreamEvent: components["schemas"]["OpenResponseCreatedEvent"] | components["schemas"]["OpenResponseQueuedEvent"] | components["schemas"]["OpenResponseInProgressEvent"] | components["schemas"]["OpenResponseCompletedEvent"] | components["schemas"]["OpenResponseIncompleteEvent"] | components["schemas"]["OpenResponseFailedEvent"] | components["schemas"]["OpenErrorEvent"] | components["schemas"]["OpenResponseOutputItemAddedEvent"] | components["schemas"]["OpenResponseOutputItemDoneEvent"] | components["schemas"]["OpenResponseContentPartAddedEvent"] | components["schemas"]["OpenResponseContentPartDoneEvent"] | components["schemas"]["OpenResponseOutputTextDeltaEvent"] | components["schemas"]["OpenResponseOutputTextDoneEvent"] | components["schemas"]["OpenResponseOutputTextAnnotationAddedEvent"] | components["schemas"]["OpenResponseRefusalDeltaEvent"] | components["schemas"]["OpenResponseRefusalDoneEvent"] | components["schemas"]["OpenResponseReasoningSummaryPartAddedEvent"] | components["schemas"]["OpenResponseReasoningSummaryPartDoneEvent"] | components["schemas"]["OpenResponseReasoningSummaryTextDeltaEvent"] | components["schemas"]["OpenResponseReasoningSummaryTextDoneEvent"] | components["schemas"]["OpenResponseReasoningTextDeltaEvent"] | components["schemas"]["OpenResponseReasoningTextDoneEvent"] | components["schemas"]["OpenResponseFunctionCallArgumentsDeltaEvent"] | components["schemas"]["OpenResponseFunctionCallArgumentsDoneEvent"] | components["schemas"]["OpenResponseCustomToolCallInputDeltaEvent"] | components["schemas"]["OpenResponseCustomToolCallInputDoneEvent"] | components["schemas"]["OpenResponseShellCallCommandAddedEvent"] | components["schemas"]["OpenResponseShellCallCommandDeltaEvent"] | components["schemas"]["OpenResponseShellCallCommandDoneEvent"] | components["schemas"]["OpenResponseMcpCallInProgressEvent"] | components["schemas"]["OpenResponseMcpCallArgumentsDeltaEvent"] | components["schemas"]["OpenResponseMcpCallArgumentsDoneEvent"] | components["schemas"]["OpenResponseMcpCallCompletedEvent"] | components["schemas"]["OpenResponseMcpCallFailedEvent"];
        OpenResponseCreatedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.created";
            sequence_number: number;
            response: components["schemas"]["OpenResponse"];
        };
        OpenResponseQueuedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.queued";
            sequence_number: number;
            response: components["schemas"]["OpenResponse"];
        };
        OpenResponseInProgressEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.in_progress";
            sequence_number: number;
            response: components["schemas"]["OpenResponse"];
        };
        OpenResponseCompletedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.completed";
            sequence_number: number;
            response: components["schemas"]["OpenResponse"];
        };
        OpenResponseIncompleteEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.incomplete";
            sequence_number: number;
            response: components["schemas"]["OpenResponse"];
        };
        OpenResponseFailedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.failed";
            sequence_number: number;
            response: components["schemas"]["OpenResponse"];
        };
        OpenErrorEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "error";
            sequence_number: number;
            code: string | null;
            message: string;
            param: string | null;
        };
        OpenResponseOutputItemAddedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.output_item.added";
            sequence_number: number;
            output_index: number;
            item: components["schemas"]["OpenOutputItem"];
        };
        OpenResponseOutputItemDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.output_item.done";
            sequence_number: number;
            output_index: number;
            item: components["schemas"]["OpenOutputItem"];
        };
        OpenResponseContentPartAddedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.content_part.added";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            part: components["schemas"]["OpenContentPart"];
        };
        OpenContentPart: {
            /** @constant */
            type: "output_text";
            text: string;
            /** @description The sources of the text: `url_citation`, `file_citation` and others. */
            annotations: {
                [key: string]: unknown;
            }[];
            logprobs: unknown[];
        } | {
            /** @constant */
            type: "refusal";
            refusal: string;
        } | {
            /** @constant */
            type: "reasoning_text";
            text: string;
        };
        OpenResponseContentPartDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.content_part.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            part: components["schemas"]["OpenContentPart"];
        };
        OpenResponseOutputTextDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.output_text.delta";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            delta: string;
            logprobs: unknown[];
        };
        OpenResponseOutputTextDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.output_text.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            text: string;
            logprobs: unknown[];
        };
        OpenResponseOutputTextAnnotationAddedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.output_text.annotation.added";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            annotation_index: number;
            annotation: {
                [key: string]: unknown;
            };
        };
        OpenResponseRefusalDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.refusal.delta";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            delta: string;
        };
        OpenResponseRefusalDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.refusal.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            refusal: string;
        };
        OpenResponseReasoningSummaryPartAddedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.reasoning_summary_part.added";
            sequence_number: number;
            output_index: number;
            item_id: string;
            summary_index: number;
            part: {
                /** @constant */
                type: "summary_text";
                text: string;
            };
        };
        OpenResponseReasoningSummaryPartDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.reasoning_summary_part.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            summary_index: number;
            part: {
                /** @constant */
                type: "summary_text";
                text: string;
            };
            /** @constant */
            status?: "incomplete";
        };
        OpenResponseReasoningSummaryTextDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.reasoning_summary_text.delta";
            sequence_number: number;
            output_index: number;
            item_id: string;
            summary_index: number;
            delta: string;
        };
        OpenResponseReasoningSummaryTextDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.reasoning_summary_text.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            summary_index: number;
            text: string;
        };
        OpenResponseReasoningTextDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.reasoning_text.delta";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            delta: string;
        };
        OpenResponseReasoningTextDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.reasoning_text.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            content_index: number;
            text: string;
        };
        OpenResponseFunctionCallArgumentsDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.function_call_arguments.delta";
            sequence_number: number;
            output_index: number;
            item_id: string;
            delta: string;
        };
        OpenResponseFunctionCallArgumentsDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.function_call_arguments.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            name: string;
            arguments: string;
        };
        OpenResponseCustomToolCallInputDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.custom_tool_call_input.delta";
            sequence_number: number;
            output_index: number;
            item_id: string;
            delta: string;
        };
        OpenResponseCustomToolCallInputDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.custom_tool_call_input.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            input: string;
        };
        OpenResponseShellCallCommandAddedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.shell_call_command.added";
            sequence_number: number;
            output_index: number;
            command_index: number;
            command: string;
        };
        OpenResponseShellCallCommandDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.shell_call_command.delta";
            sequence_number: number;
            output_index: number;
            command_index: number;
            delta: string;
        };
        OpenResponseShellCallCommandDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.shell_call_command.done";
            sequence_number: number;
            output_index: number;
            command_index: number;
            command: string;
        };
        OpenResponseMcpCallInProgressEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.mcp_call.in_progress";
            sequence_number: number;
            output_index: number;
            item_id: string;
        };
        OpenResponseMcpCallArgumentsDeltaEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.mcp_call_arguments.delta";
            sequence_number: number;
            output_index: number;
            item_id: string;
            delta: string;
        };
        OpenResponseMcpCallArgumentsDoneEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.mcp_call_arguments.done";
            sequence_number: number;
            output_index: number;
            item_id: string;
            arguments: string;
        };
        OpenResponseMcpCallCompletedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.mcp_call.completed";
            sequence_number: number;
            output_index: number;
            item_id: string;
        };
        OpenResponseMcpCallFailedEvent: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "response.mcp_call.failed";
            sequence_number: number;
            output_index: number;
            item_id: string;
        };
        /** @description The body of every error. */
        Error: {
            /**
             * @description The HTTP status, as text.
             * @example 404
             */
            code: string;
            message: string;
            /** @description The id of the request. The server's log has it, too. */
            request_id: string;
            /** @description The fields that are not valid. */
            errors: {
                path: string;
                message: string;
            }[];
            /** @description The same error in the format of OpenAI. Only the message, if a tool is not found. */
            error: {
                message: string;
                type: string;
                /** @description The error code. */
                code: string;
                /** @description The path of the first field that is not valid. */
                param: string | null;
            } | string;
            /** @description The id of the task, if a turn was started or may have been accepted. */
            task_id?: string;
            /** @description The id of the response, if a turn was started or may have been accepted. */
            response_id?: string;
            /** @description The limits that refused the request. */
            violated_policies?: string[];
        };
        /** @description The latest turn of a task. */
        Task: {
            /** @description The id of the response. */
            _id: string;
            /** @description The id of the task. Send it to continue the task. */
            task_id: string;
            /** @description The final message, its text first. With `include=messages`, all messages of the task follow it. Empty while the turn runs. */
            output: components["schemas"]["Message"][];
            /**
             * Format: date-time
             * @description The time when the turn was submitted.
             */
            created_at: string;
            /** @description The id of the model that answered. Before an answer, the id of the primary model. */
            model: string;
            usage?: components["schemas"]["Usage"];
            finish_reason?: components["schemas"]["FinishReason"];
            /** @description The calls that the caller must run, with `finish_reason: function_call`. */
            pending_tool_calls?: components["schemas"]["PendingCall"][];
            telemetry: components["schemas"]["Telemetry"];
            /**
             * @description The status of the turn. A turn that waits for its caller to run functions is `completed`.
             * @enum {string}
             */
            status: "in_progress" | "completed" | "failed";
            /** @description The value that the caller sent. */
            identity?: {
                [key: string]: unknown;
            };
            /** @description The value that the caller sent. */
            thread?: {
                [key: string]: unknown;
            };
            /** @description The value that the caller sent. */
            memory?: {
                [key: string]: unknown;
            };
            /** @description The value that the caller sent. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description The value that the caller sent. */
            conversation?: {
                [key: string]: unknown;
            };
            /** @description The error code and the message. Only if the turn failed. */
            error?: string;
            /** @description Why the turn waits. Only while it is queued or parked. A list has `for`, `since` and `starts`. */
            waiting?: components["schemas"]["Waiting"];
        };
        /** @description Why a turn waits that is queued or parked. */
        Waiting: {
            for: components["schemas"]["WaitingFor"];
            /**
             * Format: date-time
             * @description Since when the turn waits.
             */
            since: string;
            /** @description The time before which the turn does not continue. null if it is unknown. */
            starts: string | null;
            /** @description The reason as a text for people. */
            message?: string;
            /** @description The number of turns that start before this one, among those of its fairness key. */
            ahead?: number;
            /** @description The limit that the turn waits for. */
            limit?: number;
            /** @description How much of the limit is in use. */
            in_use?: number;
            /** @description At most five tasks of the same workspace that the turn waits for. */
            held_by?: string[];
            /** @description What the turn would wait for otherwise. */
            also?: components["schemas"]["WaitingFor"][];
        };
        /**
         * @description `worker`: It starts as soon as a worker has a free slot. `no_worker`: No worker that could run it is alive. Start one. `workspace_running`: Its workspace has as many running turns as it may have. `fairness_key_running`: Its fairness key has as many running turns as it may have. `model_requests`: Its model may get no more requests in this minute. `model_tokens`: Its model may get no more tokens in this minute. `budget`: Its budget is spent. `paused`: Its workspace or the installation is paused. `start_at`: It starts at the time that its request named. `provider_retry`: The provider of its model failed. The call is repeated. `approval`: A reviewer must decide a tool call. `sub_agent`: It needs the answer of a sub-agent. `timer`: It continues at a set time. `repair`: Its worker died, or could not read it. It is being taken over.
         * @enum {string}
         */
        WaitingFor: "worker" | "no_worker" | "workspace_running" | "fairness_key_running" | "model_requests" | "model_tokens" | "budget" | "paused" | "start_at" | "provider_retry" | "approval" | "sub_agent" | "timer" | "repair";
        /** @description A response in its current state. */
        OpenLiveResponse: {
            id: string;
            /** @constant */
            object: "response";
            /** @description The time of creation, in Unix seconds. */
            created_at: number;
            /** @description The time of completion, in Unix seconds. null if the turn has not completed. */
            completed_at: number | null;
            /** @enum {string} */
            status: "queued" | "in_progress" | "completed" | "failed" | "cancelled" | "incomplete";
            background: boolean;
            error: components["schemas"]["OpenResponseError"] | null;
            incomplete_details: {
                reason: string;
            } | null;
            model: string;
            output: components["schemas"]["OpenOutputItem"][];
            usage: {
                input_tokens: number;
                input_tokens_details: {
                    cached_tokens: number;
                    cache_creation_tokens: number;
                    cache_write_tokens: number;
                };
                output_tokens: number;
                output_tokens_details: {
                    reasoning_tokens: number;
                };
                total_tokens: number;
            } | null;
            /** @description Always null. `GET …/input_items` returns the input. */
            input: null;
            instructions: string | null;
            previous_response_id: string | null;
            conversation?: {
                id: string;
            };
            max_output_tokens: number | null;
            max_tool_calls: number | null;
            metadata: {
                [key: string]: string;
            };
            parallel_tool_calls: boolean;
            presence_penalty: number;
            frequency_penalty: number;
            temperature: number;
            top_p: number;
            top_logprobs: number;
            prompt_cache_key: string | null;
            prompt_cache_options: null;
            prompt_cache_retention: string | null;
            reasoning: {
                [key: string]: unknown;
            } | null;
            safety_identifier: string | null;
            service_tier: string;
            store: boolean;
            text: {
                [key: string]: unknown;
            };
            tool_choice: unknown;
            tools: {
                [key: string]: unknown;
            }[];
            /** @enum {string} */
            truncation: "auto" | "disabled";
            user: string | null;
            /** @description The ids of the trace of the turn. */
            telemetry: {
                trace_id: string;
                span_id: string;
            };
            /** @description Why the turn waits. Only while it is queued or parked. */
            waiting?: components["schemas"]["Waiting"];
        };
        DeletedOpenResponse: {
            id: string;
            /** @constant */
            object: "response";
            /** @constant */
            deleted: true;
        };
        /** @description A page of the input of a request, as items. */
        OpenInputItems: {
            /** @constant */
            object: "list";
            data: ({
                id: string;
                type: string;
            } & {
                [key: string]: unknown;
            })[];
            first_id: string | null;
            last_id: string | null;
            has_more: boolean;
        };
        OpenModels: {
            /** @constant */
            object: "list";
            data: {
                /** @example agent/support */
                id: string;
                /** @constant */
                object: "model";
                /** @description The time of creation, in Unix seconds. */
                created: number;
                owned_by: string;
            }[];
        };
        /** @description A fact of a task. Facts never change. */
        LogEntry: components["schemas"]["TurnStartedEntry"] | components["schemas"]["AttemptStartedEntry"] | components["schemas"]["PartsAbandonedEntry"] | components["schemas"]["PartFinishedEntry"] | components["schemas"]["StepFinishedEntry"] | components["schemas"]["ModelFailedEntry"] | components["schemas"]["ToolCalledEntry"] | components["schemas"]["ToolReturnedEntry"] | components["schemas"]["ToolFailedEntry"] | components["schemas"]["ChildStartedEntry"] | components["schemas"]["CallsSpentEntry"] | components["schemas"]["FileFetchedEntry"] | components["schemas"]["FileFailedEntry"] | components["schemas"]["ContextTrimmedEntry"] | components["schemas"]["TurnParkedEntry"] | components["schemas"]["ReviewRequestedEntry"] | components["schemas"]["ReviewDecidedEntry"] | components["schemas"]["CancelRequestedEntry"] | components["schemas"]["TurnCompletedEntry"] | components["schemas"]["TurnFailedEntry"];
        /** @description A turn started: a message was received, or a failed turn was redriven. */
        TurnStartedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.started";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** @description Prior messages, from the request or from the forked task. */
            before?: {
                parts: (components["schemas"]["TextPart"] | components["schemas"]["FilePart"] | components["schemas"]["ErrorPart"] | components["schemas"]["ToolCallPart"] | components["schemas"]["ToolResultPart"])[];
                role: string;
            }[];
            message?: components["schemas"]["Message"];
            /** @description Only in a redrive: the number of the failed turn that this turn continues. */
            goes_on_from_turn?: number;
            /** @description The variables of the request. Secrets are masked. */
            variables?: {
                [key: string]: unknown;
            };
            /** @description The template engine of the request. */
            engine?: string;
            /** @description The metadata that the caller sent: identity, thread, memory, metadata, conversation. */
            notes?: {
                [key: string]: unknown;
            };
            /** @description The request parameters of this turn, in the format of its dialect. */
            asked?: {
                [key: string]: unknown;
            };
            /** @description The paths of tools in the request that were left out, because the server runs no such tools. */
            ignored?: string[];
            /** @description Only in a turn of a sub-agent: the parent's tool call that this turn answers. */
            parent?: {
                task_id: string;
                response_id: string;
                tool_call_id: string;
                /** @description The number of ancestor turns. */
                depth: number;
            };
            /** @description The id of the agent's primary model. */
            model: string;
            /** @description The hash of the plan: the agent with all versions resolved for this turn. */
            plan: string;
            user_message_id: string;
            assistant_message_id: string;
            trace_id: string;
            span_id: string;
        };
        /** @description A worker claimed the turn. */
        AttemptStartedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "attempt.started";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** @description The id of the attempt. */
            attempt: string;
            /** @description The number of the attempt in its turn. */
            epoch: number;
            /**
             * Format: date-time
             * @description The start time of the turn, if it had one.
             */
            start_at?: string;
            /** @description Why the turn has waited in the queue, each reason with the time until which it applied at the latest. It has waited for a worker the rest of the time. */
            waited?: {
                /** @enum {string} */
                for: "start_at" | "paused" | "workspace_running" | "fairness_key_running" | "model_requests" | "model_tokens" | "repair";
                /** Format: date-time */
                until: string;
            }[];
        };
        /** @description Streamed parts that were abandoned. They will not be finished. */
        PartsAbandonedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "parts.abandoned";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            parts: {
                part_id: string;
                kind: string;
                deltas: number;
            }[];
        };
        /** @description A part of the model's answer is complete. */
        PartFinishedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "part.finished";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** @description The number of the model call in its turn, from 1. */
            step: number;
            part_id: string;
            /** @enum {string} */
            kind: "text" | "reasoning";
            text: string;
            /**
             * @description The text is a refusal to answer.
             * @constant
             */
            refusal?: true;
            /** @description The sources of the text, as objects of OpenAI Responses such as `url_citation`. */
            annotations?: {
                [key: string]: unknown;
            }[];
            /** @description The number of deltas in which the part was streamed. */
            deltas: number;
        };
        /** @description A model call was answered. It is never repeated. */
        StepFinishedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "step.finished";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** @description The number of the model call in its turn, from 1. */
            step: number;
            model: string;
            /** @description The index of the model: 0 is the primary model, the others are the fallback models in order. */
            model_index: number;
            reason: string;
            calls: {
                tool_call_id: string;
                tool_name: string;
                arguments: {
                    [key: string]: unknown;
                } | string;
                /** @description Why the call cannot be made. */
                problem?: string;
                /** @description Why the call is not made. */
                not_made?: string;
            }[];
            /** @description Why the answer cannot be used. */
            problem?: string;
            usage?: components["schemas"]["Usage"];
            /** @description Duration in milliseconds. */
            ms: number;
            /** @description Milliseconds until the first output of the model, if it was streamed. */
            first_output_ms?: number;
            /** @description Milliseconds that the worker waited for the rate of the model before the call. */
            rate_wait_ms?: number;
        };
        /** @description A model call failed. */
        ModelFailedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "model.failed";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** @description The number of the model call in its turn, from 1. */
            step: number;
            model: string;
            model_index: number;
            code: string;
            message: string;
            /** @description The HTTP status of the provider's reply. */
            status?: number;
            /** @description Whether the call may be repeated. */
            retryable: boolean;
            /** @description Milliseconds until the next call. */
            wait_ms: number;
            /** @description Duration in milliseconds. */
            ms: number;
            /** @description Milliseconds that the worker waited for the rate of the model before the call. */
            rate_wait_ms?: number;
        };
        /** @description A tool call started. */
        ToolCalledEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.called";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            tool_call_id: string;
            tool_id: string;
            tool_name: string;
            display_name?: string;
            arguments: {
                [key: string]: unknown;
            };
        };
        /** @description A tool call returned a result. */
        ToolReturnedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.returned";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            tool_call_id: string;
            tool_id: string;
            result: unknown;
            /** @description The images and documents of the result: their bytes in base64, or their URLs. Absent without files. */
            files?: {
                bytes?: string;
                uri?: string;
                mimeType?: string;
                name?: string;
            }[];
            /** @description Duration in milliseconds. */
            ms: number;
            usage?: components["schemas"]["Usage"];
        };
        /** @description A tool call failed. The model receives the error. */
        ToolFailedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.failed";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            tool_call_id: string;
            tool_id: string;
            error: string;
            /** @description Duration in milliseconds. */
            ms: number;
            usage?: components["schemas"]["Usage"];
        };
        /** @description A task of a sub-agent started. It answers the tool call. */
        ChildStartedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "child.started";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            tool_call_id: string;
            task_id: string;
            /** @description The key of the sub-agent. */
            agent: string;
        };
        /** @description The turn and its sub-agents reached the limit of model calls. */
        CallsSpentEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "calls.spent";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
        };
        /** @description A file of the message or of a result was fetched. */
        FileFetchedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "file.fetched";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            file_id: string;
            mime_type: string;
            /** @description The size of the file in bytes. */
            bytes: number;
        };
        /** @description A file of the message or of a result could not be fetched. */
        FileFailedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "file.failed";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            file_id: string;
            error: string;
        };
        /** @description The history became too long for the model. Later model calls leave its oldest parts out. */
        ContextTrimmedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "context.trimmed";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** @enum {string} */
            because: "budget" | "refused";
            /** @description The number of messages that are left out. */
            messages: number;
            steps: number;
            contents: number;
        };
        /** @description The turn waits, without a worker, until a time. */
        TurnParkedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.parked";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** Format: date-time */
            until: string;
            /**
             * @description What the turn waits for.
             * @enum {string}
             */
            for?: "approval" | "sub_agent" | "provider_retry" | "model_requests" | "model_tokens" | "budget" | "timer";
            /** @description What the turn waits for besides. */
            also?: ("approval" | "sub_agent" | "provider_retry" | "model_requests" | "model_tokens" | "budget" | "timer")[];
        };
        /** @description A tool call waits for a review. */
        ReviewRequestedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "review.requested";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            tool_call_id: string;
            tool_id: string;
            tool_name: string;
            display_name?: string;
            arguments: {
                [key: string]: unknown;
            };
            /**
             * @description Why the call needs a review. `outcome_unknown`: the worker died during the call, which may have had its effect. Absent: the tool requires approval.
             * @enum {string}
             */
            because?: "outcome_unknown";
            /** Format: date-time */
            until: string;
        };
        /** @description A review was decided, or it expired. */
        ReviewDecidedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "review.decided";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            tool_call_id: string;
            tool_id: string;
            /** @enum {string} */
            review: "approved" | "rejected";
            reason?: string;
            arguments?: {
                [key: string]: unknown;
            };
            /**
             * @description Whether a reviewer decided or the review expired.
             * @enum {string}
             */
            by: "reviewer" | "expiry";
        };
        /** @description A cancel of the turn was requested. */
        CancelRequestedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "cancel.requested";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            reason: string;
        };
        /** @description The turn completed. */
        TurnCompletedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.completed";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            finish_reason: components["schemas"]["FinishReason"];
            usage?: components["schemas"]["Usage"];
            pending_tool_calls?: components["schemas"]["PendingCall"][];
        };
        /** @description The turn failed. */
        TurnFailedEntry: {
            /** @description The id of the fact's event in a stream of the task. */
            id: number;
            /** @description The index of the fact in the log, from 0. */
            number: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.failed";
            /** Format: date-time */
            at: string;
            turn: number;
            response_id: string;
            /** @description The error code. */
            code: string;
            message: string;
            /** @description The HTTP status for this error. */
            status: number;
        };
        /** @description What the time of a task was spent for. */
        TaskTime: {
            task_id: string;
            /** @description Whether the latest turn has not ended. */
            live: boolean;
            /**
             * Format: date-time
             * @description The time when the task began.
             */
            from?: string;
            /** @description The time of the task in milliseconds. */
            ms: number;
            /** @description The time by kind, the longest first. It adds up to `ms`. */
            totals: {
                for: components["schemas"]["TimeFor"];
                ms: number;
            }[];
            /** @description The parts in order, without a gap and without an overlap. */
            parts?: {
                for: components["schemas"]["TimeFor"];
                /** Format: date-time */
                from: string;
                /** @description The duration in milliseconds. */
                ms: number;
                /** @description The turn, or the one that ended before the part. */
                turn: number;
                /** @description The number of the model call in its turn. */
                step?: number;
                /** @description The tool call that runs, or that waits for a reviewer or a sub-agent. */
                tool_call_id?: string;
                /** @description The tool, the model or the sub-agent. */
                name?: string;
                /** @description The task of the sub-agent. */
                task_id?: string;
            }[];
        };
        /**
         * @description `worker`: It starts as soon as a worker has a free slot. `no_worker`: No worker that could run it is alive. Start one. `workspace_running`: Its workspace has as many running turns as it may have. `fairness_key_running`: Its fairness key has as many running turns as it may have. `model_requests`: Its model may get no more requests in this minute. `model_tokens`: Its model may get no more tokens in this minute. `budget`: Its budget is spent. `paused`: Its workspace or the installation is paused. `start_at`: It starts at the time that its request named. `provider_retry`: The provider of its model failed. The call is repeated. `approval`: A reviewer must decide a tool call. `sub_agent`: It needs the answer of a sub-agent. `timer`: It continues at a set time. `repair`: Its worker died, or could not read it. It is being taken over. `model_first_output`: From the request to the first output of the model. `model_output`: From the first output of the model to its last. `model`: A call of a model whose first output is not known, or that has not ended. `model_failed`: A call of a model that failed. `model_rate`: A worker waited for the rate of a model. `tool`: A tool ran. `file`: A file was fetched. `redone`: Work that was lost with its worker, and done again. `overhead`: A worker prepared or recorded something. `caller`: The caller ran functions. `failed`: The task had failed, until it was redriven. `idle`: The task had ended, until its next message came.
         * @enum {string}
         */
        TimeFor: "worker" | "no_worker" | "workspace_running" | "fairness_key_running" | "model_requests" | "model_tokens" | "budget" | "paused" | "start_at" | "provider_retry" | "approval" | "sub_agent" | "timer" | "repair" | "model_first_output" | "model_output" | "model" | "model_failed" | "model_rate" | "tool" | "file" | "redone" | "overhead" | "caller" | "failed" | "idle";
        /** @description The decision of a review, with the arguments of the call. */
        ReviewReply: {
            _id: string;
            task_id: string;
            response_id: string;
            tool_call_id: string;
            tool_id: string;
            tool_name: string;
            /** @description The arguments of the call. */
            arguments: {
                [key: string]: unknown;
            };
            /**
             * @description `outcome_unknown`: the worker died during the call, which may have had its effect. Absent: the tool requires approval.
             * @constant
             */
            because?: "outcome_unknown";
            /**
             * Format: date-time
             * @description The time when the review was requested.
             */
            requested_at: string;
            /**
             * Format: date-time
             * @description The time when the review expires.
             */
            expires_at: string;
            /**
             * @description The decision.
             * @enum {string}
             */
            review: "approved" | "rejected";
            /** @description The reason for the decision. */
            reason?: string;
        };
        /** @description A tool call that waits for a review. */
        PendingReview: {
            _id: string;
            task_id: string;
            response_id: string;
            tool_call_id: string;
            tool_id: string;
            tool_name: string;
            /** @description The arguments of the call. */
            arguments: {
                [key: string]: unknown;
            };
            /**
             * @description `outcome_unknown`: the worker died during the call, which may have had its effect. Absent: the tool requires approval.
             * @constant
             */
            because?: "outcome_unknown";
            /**
             * Format: date-time
             * @description The time when the review was requested.
             */
            requested_at: string;
            /**
             * Format: date-time
             * @description The time when the review expires.
             */
            expires_at: string;
            agent_key: string;
        };
        /** @description The limits that hold for a workspace, and what it uses. What is absent has no limit. */
        Limits: {
            /** @description Turns that may be submitted per second. */
            requests_per_second?: number;
            /** @description Turns that may be submitted at once. */
            burst?: number;
            /** @description Turns that wait for a worker. Default: 100,000. */
            queued?: number;
            /** @description Turns that run at once. */
            running?: number;
            /** @description Turns of one fairness key that run at once. */
            running_per_fairness_key?: number;
            /** @description The share of the slots in relation to other workspaces. Default: 1. */
            weight?: number;
            /** @description Open streams and waiting requests. Default: 1,000. */
            streams?: number;
            /** @description Tasks that are kept. */
            tasks?: number;
            /** @description Bytes of the tasks that are kept. */
            bytes?: number;
            /** @description Whether no turn of the workspace starts. Default: false. */
            paused?: boolean;
            /** @description Shards over which new tasks are spread. Default: 1. */
            spread?: number;
            /** @description Rates of models: for each pattern of model ids, such as `openai/*`, the requests and tokens per minute. */
            models?: {
                [key: string]: {
                    requests_per_minute?: number;
                    tokens_per_minute?: number;
                };
            };
            /** @description Limits of single fairness keys, as `fairness_key:` and the key, in place of those of every key. */
            overrides?: {
                [key: string]: {
                    running?: number;
                    weight?: number;
                };
            };
            /** @description The limits that are set for this workspace. The others are those of the installation. */
            overridden: ("requests_per_second" | "burst" | "queued" | "running" | "running_per_fairness_key" | "weight" | "streams" | "tasks" | "bytes" | "paused" | "spread" | "models" | "overrides")[];
            /** @description What the workspace uses now. */
            now: {
                /** @description Turns that wait in the backlog for a worker. */
                queued: number;
                /** @description Turns that a worker runs. */
                running: number;
                /** @description Turns that wait for a time, without a worker. */
                parked: number;
                /** @description Seconds since the submission of the oldest among the queued turns that are next. Absent if none waits. */
                oldest_queued_seconds?: number;
                /** @description Open streams and waiting requests, in the API process that answers. */
                streams: number;
                /** @description Tasks that are kept. */
                tasks: number;
                /** @description Bytes of these tasks. Those of a running turn count when it ends or waits for a time. */
                bytes: number;
            };
        };
        /** @description What a workspace has used, by time. */
        WorkspaceUsage: {
            /** @constant */
            object: "list";
            /** @enum {string} */
            grain: "minute" | "hour" | "day";
            /**
             * Format: date-time
             * @description The beginning of the first bucket that is still kept.
             */
            from: string;
            /** Format: date-time */
            to: string;
            /** @description The buckets, the earliest first. Those without a turn are absent. */
            data: {
                /** Format: date-time */
                start: string;
                /** @description With `group_by`: the key of the agent, the model or the identity. Null stands for turns without one, and for the values of a bucket beyond its first 200. */
                key?: string | null;
                /** @description Tasks that began and are still kept. Absent with `group_by`. */
                started?: number;
                /** @description Turns that ended. */
                requests: number;
                /** @description Those of them that failed. */
                errors: number;
                /** @description Those of them that were cancelled. */
                cancelled: number;
                input_tokens: number;
                output_tokens: number;
                /** @description Input tokens that the vendor had cached. */
                cached_tokens: number;
                /** @description How long turns waited for their first worker: the median and the 95th percentile in milliseconds, within 10 percent. Absent without such a turn, and with `group_by`. */
                queue_wait_ms?: {
                    p50: number;
                    p95: number;
                };
                /** @description The same from the submission, or the start time, to the end. */
                duration_ms?: {
                    p50: number;
                    p95: number;
                };
            }[];
            /** @description The whole range: one entry, or with `group_by` one for each key. */
            totals: {
                /** @description With `group_by`: the key of the agent, the model or the identity. Null stands for turns without one, and for the values of a bucket beyond its first 200. */
                key?: string | null;
                /** @description Tasks that began and are still kept. Absent with `group_by`. */
                started?: number;
                /** @description Turns that ended. */
                requests: number;
                /** @description Those of them that failed. */
                errors: number;
                /** @description Those of them that were cancelled. */
                cancelled: number;
                input_tokens: number;
                output_tokens: number;
                /** @description Input tokens that the vendor had cached. */
                cached_tokens: number;
                /** @description How long turns waited for their first worker: the median and the 95th percentile in milliseconds, within 10 percent. Absent without such a turn, and with `group_by`. */
                queue_wait_ms?: {
                    p50: number;
                    p95: number;
                };
                /** @description The same from the submission, or the start time, to the end. */
                duration_ms?: {
                    p50: number;
                    p95: number;
                };
            }[];
        };
        /** @description The caller of a request. */
        Caller: {
            workspace: string;
            /** @description The public id of the key. */
            key_id?: string;
            /** @description `workspace`: all operations on the data of the workspace. `watch`: the events of tasks. */
            scopes: string[];
        };
        /** @description One version of an agent. */
        Agent: {
            _id: string;
            key: string;
            /** @description The display name, or the key if there is none. */
            display_name: string;
            workspace_id: string;
            project_id: string;
            /** @constant */
            status: "live";
            /** @constant */
            type: "internal";
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
            path: string;
            role: string;
            description: string;
            instructions: string;
            system_prompt?: string;
            /** @enum {string} */
            engine: "text" | "jinja" | "mustache";
            variables: {
                [key: string]: unknown;
            };
            model: {
                id: string;
                parameters?: {
                    [key: string]: unknown;
                };
                /** @description The size of the context window in tokens. */
                context_window?: number;
                retry?: {
                    count: number;
                    on_codes?: number[];
                };
                fallback_models: {
                    id: string;
                    parameters?: {
                        [key: string]: unknown;
                    };
                    /** @description The size of the context window in tokens. */
                    context_window?: number;
                    retry?: {
                        count: number;
                        on_codes?: number[];
                    };
                }[];
            };
            settings: {
                /** @description The maximum number of model calls in a turn. */
                max_iterations: number;
                /** @description The maximum duration of a turn, in seconds. */
                max_execution_time: number;
                /** @constant */
                max_cost: 0;
                /** @enum {string} */
                tool_approval_required: "all" | "respect_tool" | "none";
                /** @description Seconds that a call waits for its review. */
                approval_timeout?: number;
                /**
                 * @description The decision when a review expires.
                 * @enum {string}
                 */
                approval_default?: "approved" | "rejected";
                agent_variables_in_messages?: boolean;
                /** @description Defaults of the turns of the agent. */
                longhaul?: {
                    priority?: number;
                    fairness_key?: string;
                    /** @description A duration of ISO 8601. */
                    expires_in?: string;
                };
                tools: {
                    /** @description The id of the stored tool, or the type of a built-in tool. */
                    id: string;
                    /** @description The type of the tool: `type` in a request. */
                    action_type: string;
                    key?: string;
                    display_name?: string;
                    description?: string;
                    /** @description Whether calls of the tool wait for a review. */
                    requires_approval: boolean;
                    configuration?: {
                        [key: string]: unknown;
                    };
                    /** @description The maximum duration of a call, in seconds. */
                    timeout?: number;
                }[];
                /** @description Stored and returned unchanged. It has no effect. */
                chat_exposed?: boolean;
                /** @description Stored and returned unchanged. It has no effect. */
                evaluators?: {
                    [key: string]: unknown;
                }[];
            };
            /** @description Stored and returned unchanged. It has no effect. */
            memory_stores: string[];
            /** @description Stored and returned unchanged. It has no effect. */
            knowledge_bases: {
                [key: string]: unknown;
            }[];
            /** @description Stored and returned unchanged. It has no effect. */
            team_of_agents: {
                [key: string]: unknown;
            }[];
            /** @description Stored and returned unchanged. It has no effect. */
            skills: string[];
            /** @description Stored and returned unchanged. It has no effect. */
            source?: string;
        };
        /** @description One version of a tool. */
        Tool: {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "function";
            function: {
                name: string;
                description?: string;
                /** @description Stored and returned unchanged. It has no effect. */
                strict?: boolean;
                parameters?: {
                    /** @constant */
                    type: "object";
                    /** @default {} */
                    properties: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required: string[];
                } & {
                    [key: string]: unknown;
                };
            };
            /** @example tool_01K3Q0YB9Z6C5R8V2N7M4D1FGH */
            _id: string;
            workspace_id: string;
            project_id: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
        } | {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "json_schema";
            json_schema: {
                name: string;
                description: string;
                schema: {
                    /** @example object */
                    type: string;
                    /** @default {} */
                    properties: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required: string[];
                } & {
                    [key: string]: unknown;
                };
                /** @description Sent to the provider: whether the answer must follow the schema strictly. */
                strict?: boolean;
            };
            /** @example tool_01K3Q0YB9Z6C5R8V2N7M4D1FGH */
            _id: string;
            workspace_id: string;
            project_id: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
        } | {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "http";
            http: {
                blueprint: {
                    /**
                     * @description The URL. It may have placeholders such as `{{id}}`.
                     * @example https://example.com/{{id}}
                     */
                    url: string;
                    /**
                     * @description The HTTP method.
                     * @enum {string}
                     */
                    method: "GET" | "POST" | "PUT" | "DELETE";
                    headers?: {
                        [key: string]: string | {
                            value: string;
                            /**
                             * @description Whether the value is a secret: it is stored encrypted, and replies mask it.
                             * @default false
                             */
                            encrypted: boolean;
                        };
                    };
                    /** @description The JSON body. Values may have placeholders such as `{{id}}`. */
                    body?: {
                        [key: string]: unknown;
                    };
                    /** @description The maximum duration of a call, in seconds. */
                    timeout?: number;
                };
                arguments?: {
                    [key: string]: {
                        /** @enum {string} */
                        type: "string" | "number" | "boolean";
                        description: string;
                        /**
                         * @description Whether the model provides the argument. Otherwise its value is the variable of the same name, or `default_value`.
                         * @default true
                         */
                        send_to_model: boolean;
                        default_value?: string | number | boolean;
                    };
                };
            };
            /** @description The maximum duration of a call, in seconds. */
            timeout?: number;
            /**
             * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
             * @enum {string}
             */
            on_crash?: "retry" | "fail" | "ask";
            /** @example tool_01K3Q0YB9Z6C5R8V2N7M4D1FGH */
            _id: string;
            workspace_id: string;
            project_id: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
        } | {
            key: string;
            path: string;
            /** @description The display name. */
            display_name?: string;
            description: string;
            /**
             * @default live
             * @enum {string}
             */
            status: "live" | "draft" | "pending" | "published";
            /** @constant */
            type: "code";
            code_tool: {
                /** @constant */
                language: "python";
                /** @description The Python source of the tool. */
                code: string;
                parameters?: {
                    /** @constant */
                    type: "object";
                    /** @default {} */
                    properties: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    required: string[];
                } & {
                    [key: string]: unknown;
                };
            };
            /** @description The maximum duration of a call, in seconds. */
            timeout?: number;
            /**
             * @description What happens to a call whose worker died during it. `retry`: the call is made again. `fail`: the call fails. `ask`: the call waits for a review.
             * @enum {string}
             */
            on_crash?: "retry" | "fail" | "ask";
            /** @example tool_01K3Q0YB9Z6C5R8V2N7M4D1FGH */
            _id: string;
            workspace_id: string;
            project_id: string;
            /** @example 1.0.0 */
            version: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
        };
        /** @description One version of a tool as an entry of its history. */
        ToolVersion: {
            /** @description The id of the tool, `@`, and the version. */
            _id: string;
            version: string;
            /** @description The `versionDescription` of the request that made the version. */
            description?: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description The SHA-256 hash of `data`, in hexadecimal. */
            checksum: string;
            /** @constant */
            entityType: "tool";
            entityId: string;
            workspace_id: string;
            data: components["schemas"]["Tool"];
        };
        /** @description An MCP server, with the tools of its last sync. */
        McpServer: {
            key: string;
            display_name: string;
            description?: string;
            connection: {
                /** @enum {string} */
                type: "MCP_CONNECTION_TYPE_HTTP" | "MCP_CONNECTION_TYPE_SSE";
                /** @example https://mcp.example.com/mcp */
                url: string;
            };
            auth: {
                /** @enum {string} */
                type: "MCP_AUTH_TYPE_NONE" | "MCP_AUTH_TYPE_STATIC_HEADERS";
                static_headers?: {
                    key: string;
                    value?: string;
                    /** @description The mask, as a reply has it. Sent instead of `value`, it keeps the stored value of the header. */
                    masked_value?: string;
                }[];
            };
            default_tool_exposure: {
                /** @enum {string} */
                mode: "MCP_TOOL_EXPOSURE_MODE_UNSPECIFIED" | "MCP_TOOL_EXPOSURE_MODE_ALL" | "MCP_TOOL_EXPOSURE_MODE_SELECTED" | "MCP_TOOL_EXPOSURE_MODE_NONE";
                /** @description Whether agents can use only the tools that the server declares as read-only. */
                read_only?: boolean;
                /** @description The names of the tools that agents can use, with `MCP_TOOL_EXPOSURE_MODE_SELECTED`. */
                tool_ids?: string[];
            };
            /** @description Stored and returned unchanged. It has no effect. */
            sharing?: {
                [key: string]: unknown;
            };
            /** @example mcp_01K3Q0YB9Z6C5R8V2N7M4D1FGH */
            id: string;
            sync_state: {
                /** @enum {string} */
                status: "SYNC_STATUS_PENDING" | "SYNC_STATUS_SYNCED" | "SYNC_STATUS_FAILED";
                /** @description The number of tools of the server. */
                tools_total: number;
                /** @description The number of tools that the last sync added. */
                tools_added: number;
                /** @description The number of tools that the last sync removed. */
                tools_removed: number;
                /**
                 * Format: date-time
                 * @description The time of the last sync.
                 */
                last_synced_at?: string;
                /** @description The errors of the last sync. */
                errors: string[];
            };
            tools: {
                id: string;
                name: string;
                /** @description The name that models use, unless another tool of the agent has the same name. Absent if the tool is not exposed to agents. */
                function_name?: string;
                title?: string;
                description: string;
                input_schema: {
                    [key: string]: unknown;
                };
                annotations?: {
                    [key: string]: boolean;
                };
            }[];
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
        };
        WebhookEndpointWithSecret: {
            id: string;
            /** @constant */
            object: "webhook_endpoint";
            created_at: number;
            updated_at: number;
            name: string;
            url: string;
            event_types: string[];
            signing_secret_hint: string | null;
            include: "output"[];
            enabled: boolean;
            /** @description Why the server has disabled it: it answered 410, or everything failed for days. */
            disabled_reason: ("gone" | "failing") | null;
            /** @description Failed attempts since the last success. */
            failure_count: number;
            signing_secret: string;
        };
        WebhookEndpoint: {
            id: string;
            /** @constant */
            object: "webhook_endpoint";
            created_at: number;
            updated_at: number;
            name: string;
            url: string;
            event_types: string[];
            signing_secret_hint: string | null;
            include: "output"[];
            enabled: boolean;
            /** @description Why the server has disabled it: it answered 410, or everything failed for days. */
            disabled_reason: ("gone" | "failing") | null;
            /** @description Failed attempts since the last success. */
            failure_count: number;
        };
        Webhook: {
            _id: string;
            url: string;
            /**
             * @description The form of a request. A form has the event as JSON in its field `payload`.
             * @enum {string}
             */
            content_type: "application/json" | "application/x-www-form-urlencoded";
            display_name: string;
            events: string[];
            /** @description Whole in the reply to a creation, else masked. */
            secret: string;
            enabled: boolean;
            failure_count: number;
            /** @enum {string} */
            disabled_reason?: "gone" | "failing";
            include: "output"[];
            created_by_id: string;
            updated_by_id: string;
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            updated: string;
        };
        WebhookDelivery: {
            /** @description The id of the event, and the header `webhook-id`. */
            id: string;
            /** @constant */
            object: "webhook_delivery";
            webhook_id: string;
            type: string;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            next_attempt_at?: string;
            attempt_count: number;
            request: {
                /** @description The event as JSON. */
                body: string;
            };
            attempts: {
                /** Format: date-time */
                at: string;
                ms: number;
                /** @description Absent when there was no answer. */
                status?: number;
                error?: string;
                /** @description The beginning of the answer. */
                answer?: string;
            }[];
        };
        /** @description When an agent runs, and with which input. */
        Schedule: {
            _id: string;
            agent_key: string;
            agent_tag?: string;
            /** Format: date-time */
            created: string;
            /** @description The id of the API key that created it. */
            created_by_id: string;
            display_name?: string;
            expression: string;
            /** @description A number that rises when the times change, and with each activation. */
            generation: number;
            is_active: boolean;
            /** Format: date-time */
            last_triggered_at?: string;
            payload: {
                input?: unknown;
                memory_entity_id?: string;
                metadata?: {
                    [key: string]: string;
                };
                variables?: {
                    [key: string]: unknown;
                };
            };
            /** @description How often it has fired since its creation, or since `expression` or `type` changed. */
            trigger_count: number;
            /** @enum {string} */
            type: "cron" | "once" | "interval";
            /** Format: date-time */
            updated: string;
            updated_by_id?: string;
            timezone: string;
            /** @enum {string} */
            overlap: "skip" | "queue" | "cancel_previous" | "allow";
            catch_up: {
                window: string;
                /** @enum {string} */
                runs: "latest" | "none" | "all";
            };
            spread?: string;
            /** Format: date-time */
            start_at?: string;
            /** Format: date-time */
            end_at?: string;
            max_runs?: number;
            continue_task: boolean;
            /** @enum {number} */
            priority?: 1 | 2 | 3 | 4 | 5;
            pause_after_failures?: number;
            /**
             * Format: date-time
             * @description When it fires next. Absent when it does not.
             */
            next_run_at?: string;
            /** @description The next times at which it fires. */
            upcoming: string[];
            /**
             * @description Why it is not active: a request, too many failed runs in a row, or no time is left at which it would fire.
             * @enum {string}
             */
            paused_reason?: "requested" | "failures" | "finished";
        };
        /** @description The schedules of an agent, the newest first. */
        Schedules: {
            schedules: components["schemas"]["Schedule"][];
        };
        /** @description An occurrence of a schedule. */
        ScheduleRun: {
            _id: string;
            /** @enum {string} */
            kind: "scheduled" | "manual" | "backfill";
            /**
             * Format: date-time
             * @description The time of the occurrence, without its spread.
             */
            scheduled_for: string;
            /**
             * @description What became of the occurrence. `waiting`: an earlier run has not ended. `starting`: its turn is being submitted; a limit may delay it. `skipped`, `refused`: it does not run. Otherwise the status of its turn; `continued` when its task has a later turn, `deleted` when its task is gone.
             * @example waiting
             * @example starting
             * @example skipped
             * @example refused
             * @example deleted
             * @example continued
             * @example queued
             * @example running
             * @example parked
             * @example completed
             * @example failed
             * @example cancelled
             */
            status: string;
            /** @description Why it did not run: `missed`, `overlap`, `queue_full`, `superseded`, `rescheduled`, `paused`, or the code of an error. */
            reason?: string;
            message?: string;
            /** Format: date-time */
            recorded_at?: string;
            task_id?: string;
            response_id?: string;
        };
        /** @description The current state: turns, jobs and workers. */
        Overview: {
            total: {
                /** @description Turns that wait for a worker. */
                queued: number;
                /** @description Turns that a worker runs. */
                running: number;
                /** @description Turns that wait for a time, without a worker. */
                parked: number;
                /** @description Tickets that wait for a worker. Few are needed: one wakes a worker. */
                jobs_waiting: number;
                /** @description Tickets that are scheduled for a later time: none. */
                jobs_delayed: number;
                /** @description Tickets that workers hold. */
                jobs_active: number;
                /** @description Turns that an earlier version has queued, and that are not adopted yet. */
                outbox_due: number;
                /** @description Running turns whose lease has expired and that no other worker has taken yet. */
                leases_expired: number;
                /** @description Queued turns whose task cannot be read. They do not start: the doctor lists them. */
                broken: number;
                /** @description Stored tasks whose latest turn has failed. */
                failed: number;
                /** @description Stored tasks whose latest turn has ended. */
                ended: number;
                /** @description Whether the workers are paused. */
                paused: boolean;
            };
            shards: {
                /** @description Turns that wait for a worker. */
                queued: number;
                /** @description Turns that a worker runs. */
                running: number;
                /** @description Turns that wait for a time, without a worker. */
                parked: number;
                /** @description Tickets that wait for a worker. Few are needed: one wakes a worker. */
                jobs_waiting: number;
                /** @description Tickets that are scheduled for a later time: none. */
                jobs_delayed: number;
                /** @description Tickets that workers hold. */
                jobs_active: number;
                /** @description Turns that an earlier version has queued, and that are not adopted yet. */
                outbox_due: number;
                /** @description Running turns whose lease has expired and that no other worker has taken yet. */
                leases_expired: number;
                /** @description Queued turns whose task cannot be read. They do not start: the doctor lists them. */
                broken: number;
                /** @description Stored tasks whose latest turn has failed. */
                failed: number;
                /** @description Stored tasks whose latest turn has ended. */
                ended: number;
                /** @description Whether the workers are paused. */
                paused: boolean;
                /** @description The number of the shard, from 0. */
                shard: number;
            }[];
            /** @description The worker processes that sent a heartbeat within the last hour and have not shut down. */
            workers: {
                id: string;
                /**
                 * Format: date-time
                 * @description The time of the last heartbeat.
                 */
                last_beat: string;
                /** @description Seconds since the last heartbeat. */
                silent_seconds: number;
                /** @description Whether the process has sent a recent heartbeat. */
                alive: boolean;
            }[];
        };
        /** @description How many slots the turns could use now. */
        Scale: {
            /** @description The number of slots that would be in use if there were enough. */
            demand: number;
            /** @description Turns that a worker runs. */
            running: number;
            /** @description Queued turns that only wait for a slot. */
            startable: number;
            /** @description All queued turns. */
            queued: number;
            /** @description The other queued turns, by what they wait for. */
            blocked: {
                no_worker: number;
                workspace_running: number;
                fairness_key_running: number;
                model_requests: number;
                model_tokens: number;
                budget: number;
                paused: number;
                start_at: number;
                repair: number;
            };
            /** @description The slots of all living workers. */
            slots: number;
            /** @description How long the next startable turn has waited. 0 if there is none. */
            oldest_startable_seconds: number;
        };
        /** @description The latest turn of a task. */
        TaskEntry: {
            task_id: string;
            /** @description The id of the response of the latest turn. */
            response_id: string;
            workspace: string;
            agent_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "parked" | "completed" | "failed" | "cancelled";
            /** @description The number of the turn in its task, from 1. */
            turn: number;
            /**
             * Format: date-time
             * @description The time when the turn was submitted.
             */
            submitted_at: string;
            /**
             * Format: date-time
             * @description The time when the turn ended. Absent while it is live.
             */
            ended_at?: string;
            error?: {
                /** @enum {string} */
                code: "cancelled" | "context_too_long" | "file_unavailable" | "task_full" | "output_too_large" | "output_invalid" | "provider_failed" | "deadline" | "expired" | "worker_crashed" | "internal";
                message: string;
            };
            /** @description Why the latest redrive of the turn was abandoned. */
            redrive_error?: string;
            /** @description The number of times that a worker claimed a turn of the task. */
            attempts: number;
            /** @description The number of workers in a row that died while they ran the turn. */
            deaths: number;
        };
        /** @description The findings of the doctor. */
        Diagnosis: {
            findings: {
                /** @enum {string} */
                kind: "job_missing" | "job_orphaned" | "lease_expired" | "misplaced" | "deadline_wrong" | "counter_wrong" | "index_wrong" | "set_wrong";
                task_id: string;
                /** @description A description of the inconsistency. */
                detail: string;
                /** @description The repair. In the reply to a POST, the repair that was made. */
                remedy: string;
            }[];
            /** @description Whether the findings were repaired. */
            mended: boolean;
            /** @description The number of entries scanned. */
            looked: number;
            /** @description Whether entries are left to scan: continue with `next` as `cursor`. */
            more: boolean;
            /** @description The `cursor` of the next request. */
            next?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listResponses: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. By default the page has all items, up to 8 MB. */
                limit?: number;
                /** @description The `_id` of the item after which the page starts. */
                starting_after?: string;
                /** @description The `_id` of the item before which the page ends. */
                ending_before?: string;
                /** @description Only tasks whose latest turn has this status. */
                status?: "in_progress" | "completed" | "failed";
                /** @description Only tasks with this value, as the request sent it. */
                thread_id?: string;
                /** @description Only tasks with this value, as the request sent it. */
                identity_id?: string;
                /** @description Only tasks with this value, as the request sent it. */
                conversation_id?: string;
                /** @description Only tasks with this value, as the request sent it. */
                memory_entity_id?: string;
                /** @description Only tasks with this tag of the thread or of the identity. */
                tag?: string;
                /** @description Only tasks in progress whose turn is in this state: it waits for a worker, a worker runs it, or it waits without one for a time, a person, or a sub-agent. */
                state?: "queued" | "running" | "parked";
                /** @description Only tasks whose latest turn has failed with this code. */
                error_code?: "cancelled" | "context_too_long" | "file_unavailable" | "task_full" | "output_too_large" | "output_invalid" | "provider_failed" | "deadline" | "expired" | "worker_crashed" | "internal";
                /** @description Only tasks whose latest turn began with this model, as `provider/model`. */
                model?: string;
                /** @description Only tasks whose first message has all of these words, or words that begin with them, in its beginning. Case and accents do not matter. It is an error while the operator's LONGHAUL_SEARCH is 0. */
                search?: string;
                /** @description Only tasks that started at this time or later: an ISO 8601 date, or a date and time with its zone. A date means 00:00 UTC. */
                created_after?: string;
                /** @description Only tasks that started at this time or earlier, in the same format. */
                created_before?: string;
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["Task"][];
                        /** @description Whether more items follow this page. */
                        has_more: boolean;
                        /** @description The cursor of the next page, for `starting_after`. A page may be short when many tasks were filtered out. */
                        last_id?: string;
                    };
                };
            };
        };
    };
    createResponse: {
        parameters: {
            query?: {
                /** @description Additional content of the reply, as a comma-separated list. `messages`: all messages of the task, the oldest first, follow the final message in `output`. Unknown values are ignored. */
                include?: string;
            };
            header?: {
                /** @description A key that makes a retry safe for 24 hours. Requests with the same key and the same body create one turn, and the reply to a repeat has the header `Idempotent-Replayed: true`. */
                "Idempotency-Key"?: string;
                /** @description The same as `longhaul.priority`, which takes precedence. */
                "Longhaul-Priority"?: string;
                /** @description The same as `longhaul.fairness_key`, which takes precedence. */
                "Longhaul-Fairness-Key"?: string;
                /** @description The same as `longhaul.start_at`, which takes precedence. */
                "Longhaul-Start-At"?: string;
                /** @description The same as `longhaul.expires_in`, which takes precedence. */
                "Longhaul-Expires-In"?: string;
                /** @description The same as `longhaul.webhook`, which takes precedence. */
                "Longhaul-Webhook"?: string;
            };
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateResponse"] | components["schemas"]["CreateOpenResponse"];
            };
        };
        responses: {
            /** @description The response: ended, or accepted (`background`), or as a stream (`stream`). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Response"] | components["schemas"]["OpenResponse"];
                    "text/event-stream": components["schemas"]["StreamEvent"] | components["schemas"]["OpenStreamEvent"];
                };
            };
        };
    };
    getResponse: {
        parameters: {
            query?: {
                /** @description Additional content of the reply, as a comma-separated list. `messages`: all messages of the task, the oldest first, follow the final message in `output`. Unknown values are ignored. */
                include?: string;
                /** @description `true`: the reply is the stream of the response, even if the response was not created with `stream`. */
                stream?: "true" | "false";
                /** @description The `sequence_number` of the event after which the stream starts. */
                starting_after?: number;
                /** @description The maximum number of seconds that the reply waits for the end of the turn. Default: 0. */
                wait?: number;
                /** @description The dialect of the reply. Default: the dialect of the path. A path that takes both dialects returns a response id in the dialect in which it was created. */
                format?: "orq" | "openai";
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest turn in its current state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"] | components["schemas"]["OpenLiveResponse"];
                    "text/event-stream": components["schemas"]["OpenStreamEvent"];
                };
            };
        };
    };
    deleteResponse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The response is deleted. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletedOpenResponse"];
                };
            };
            /** @description The task is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    startResponse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["StartResponse"];
            };
        };
        responses: {
            /** @description The turn in its current state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"] | components["schemas"]["OpenLiveResponse"];
                };
            };
        };
    };
    cancelResponse: {
        parameters: {
            query?: {
                /** @description The maximum number of seconds that the reply waits for the end of the turn. Default: 0. */
                wait?: number;
                /** @description The dialect of the reply. Default: the dialect of the path. A path that takes both dialects returns a response id in the dialect in which it was created. */
                format?: "orq" | "openai";
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The turn has ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"] | components["schemas"]["OpenLiveResponse"];
                };
            };
            /** @description The turn is being cancelled. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    listInputItems: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. Default: 20. */
                limit?: number;
                /** @description The order of the items. Default: `desc`, the last item first. */
                order?: "asc" | "desc";
                /** @description The `id` of the item after which the page starts. */
                after?: string;
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of items. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenInputItems"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All agents of the workspace, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenModels"];
                };
            };
        };
    };
    listAllResponses: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. By default the page has all items, up to 8 MB. */
                limit?: number;
                /** @description The `_id` of the item after which the page starts. */
                starting_after?: string;
                /** @description The `_id` of the item before which the page ends. */
                ending_before?: string;
                /** @description Only tasks whose latest turn has this status. */
                status?: "in_progress" | "completed" | "failed";
                /** @description Only tasks with this value, as the request sent it. */
                thread_id?: string;
                /** @description Only tasks with this value, as the request sent it. */
                identity_id?: string;
                /** @description Only tasks with this value, as the request sent it. */
                conversation_id?: string;
                /** @description Only tasks with this value, as the request sent it. */
                memory_entity_id?: string;
                /** @description Only tasks with this tag of the thread or of the identity. */
                tag?: string;
                /** @description Only tasks in progress whose turn is in this state: it waits for a worker, a worker runs it, or it waits without one for a time, a person, or a sub-agent. */
                state?: "queued" | "running" | "parked";
                /** @description Only tasks whose latest turn has failed with this code. */
                error_code?: "cancelled" | "context_too_long" | "file_unavailable" | "task_full" | "output_too_large" | "output_invalid" | "provider_failed" | "deadline" | "expired" | "worker_crashed" | "internal";
                /** @description Only tasks whose latest turn began with this model, as `provider/model`. */
                model?: string;
                /** @description Only tasks whose first message has all of these words, or words that begin with them, in its beginning. Case and accents do not matter. It is an error while the operator's LONGHAUL_SEARCH is 0. */
                search?: string;
                /** @description Only tasks that started at this time or later: an ISO 8601 date, or a date and time with its zone. A date means 00:00 UTC. */
                created_after?: string;
                /** @description Only tasks that started at this time or earlier, in the same format. */
                created_before?: string;
                /** @description The agent's key or `_id`. */
                agent?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            /** @description The id of the response. */
                            _id: string;
                            /** @description The id of the task. Send it to continue the task. */
                            task_id: string;
                            /** @description The final message, its text first. With `include=messages`, all messages of the task follow it. Empty while the turn runs. */
                            output: components["schemas"]["Message"][];
                            /**
                             * Format: date-time
                             * @description The time when the turn was submitted.
                             */
                            created_at: string;
                            /** @description The id of the model that answered. Before an answer, the id of the primary model. */
                            model: string;
                            usage?: components["schemas"]["Usage"];
                            finish_reason?: components["schemas"]["FinishReason"];
                            /** @description The calls that the caller must run, with `finish_reason: function_call`. */
                            pending_tool_calls?: components["schemas"]["PendingCall"][];
                            telemetry: components["schemas"]["Telemetry"];
                            /**
                             * @description The status of the turn. A turn that waits for its caller to run functions is `completed`.
                             * @enum {string}
                             */
                            status: "in_progress" | "completed" | "failed";
                            /** @description The value that the caller sent. */
                            identity?: {
                                [key: string]: unknown;
                            };
                            /** @description The value that the caller sent. */
                            thread?: {
                                [key: string]: unknown;
                            };
                            /** @description The value that the caller sent. */
                            memory?: {
                                [key: string]: unknown;
                            };
                            /** @description The value that the caller sent. */
                            metadata?: {
                                [key: string]: unknown;
                            };
                            /** @description The value that the caller sent. */
                            conversation?: {
                                [key: string]: unknown;
                            };
                            /** @description The error code and the message. Only if the turn failed. */
                            error?: string;
                            /** @description Why the turn waits. Only while it is queued or parked. A list has `for`, `since` and `starts`. */
                            waiting?: components["schemas"]["Waiting"];
                            /** @description The key of the agent. For a deleted agent, its last key or its `_id`. Absent if a model answered without an agent. */
                            agent_key?: string;
                        }[];
                        /** @description Whether more items follow this page. */
                        has_more: boolean;
                        /** @description The cursor of the next page, for `starting_after`. A page may be short when many tasks were filtered out. */
                        last_id?: string;
                    };
                };
            };
        };
    };
    getTask: {
        parameters: {
            query?: {
                /** @description The maximum number of seconds that the reply waits for the end of the turn. Default: 0. */
                wait?: number;
                /** @description Additional content of the reply, as a comma-separated list. `messages`: all messages of the task, the oldest first, follow the final message in `output`. Unknown values are ignored. */
                include?: string;
            };
            header?: never;
            path: {
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest turn in its current state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The id of the response. */
                        _id: string;
                        /** @description The id of the task. Send it to continue the task. */
                        task_id: string;
                        /** @description The final message, its text first. With `include=messages`, all messages of the task follow it. Empty while the turn runs. */
                        output: components["schemas"]["Message"][];
                        /**
                         * Format: date-time
                         * @description The time when the turn was submitted.
                         */
                        created_at: string;
                        /** @description The id of the model that answered. Before an answer, the id of the primary model. */
                        model: string;
                        usage?: components["schemas"]["Usage"];
                        finish_reason?: components["schemas"]["FinishReason"];
                        /** @description The calls that the caller must run, with `finish_reason: function_call`. */
                        pending_tool_calls?: components["schemas"]["PendingCall"][];
                        telemetry: components["schemas"]["Telemetry"];
                        /**
                         * @description The status of the turn. A turn that waits for its caller to run functions is `completed`.
                         * @enum {string}
                         */
                        status: "in_progress" | "completed" | "failed";
                        /** @description The value that the caller sent. */
                        identity?: {
                            [key: string]: unknown;
                        };
                        /** @description The value that the caller sent. */
                        thread?: {
                            [key: string]: unknown;
                        };
                        /** @description The value that the caller sent. */
                        memory?: {
                            [key: string]: unknown;
                        };
                        /** @description The value that the caller sent. */
                        metadata?: {
                            [key: string]: unknown;
                        };
                        /** @description The value that the caller sent. */
                        conversation?: {
                            [key: string]: unknown;
                        };
                        /** @description The error code and the message. Only if the turn failed. */
                        error?: string;
                        /** @description Why the turn waits. Only while it is queued or parked. A list has `for`, `since` and `starts`. */
                        waiting?: components["schemas"]["Waiting"];
                        /** @description The key of the agent. For a deleted agent, its last key or its `_id`. Absent if a model answered without an agent. */
                        agent_key?: string;
                    };
                };
            };
        };
    };
    watchResponse: {
        parameters: {
            query?: {
                /** @description The `id` of the event after which the stream starts; 0 for all events. By default the stream starts with the latest turn. */
                after?: number;
                /** @description `turns`: the stream continues with later turns. */
                follow?: "turns";
            };
            header?: {
                /** @description The same as `after`, with precedence over it. Browsers send it when they reconnect. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events after the cursor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamEvent"];
                };
            };
            /** @description There is no event after the cursor, and no turn runs. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    createWatchToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CreateWatchToken"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The watch token. */
                        token: string;
                        /**
                         * Format: date-time
                         * @description The time until which the token opens the stream.
                         */
                        expires_at: string;
                        /** @description The path of the stream, including the token, for `EventSource`. */
                        url: string;
                    };
                };
            };
        };
    };
    readLog: {
        parameters: {
            query?: {
                /** @description The `id` of the entry, or of the event, after which the page starts. */
                after?: number;
                /** @description The maximum number of entries in the page. Default: 200. A page of large entries has fewer. */
                limit?: number;
                /** @description The maximum number of seconds that the reply waits for an entry, if there is none and a turn runs. Default: 0. */
                wait?: number;
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["LogEntry"][];
                        /** @description Whether more items follow this page. */
                        has_more: boolean;
                    };
                };
            };
        };
    };
    readTime: {
        parameters: {
            query?: {
                /** @description `false`: the reply has the totals only. Default: `true`. */
                parts?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The parts and their totals. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskTime"];
                };
            };
        };
    };
    listTaskDeliveries: {
        parameters: {
            query?: {
                /** @description The maximum number of deliveries in the page. Default: 50. */
                limit?: number;
                /** @description The `last_id` of the page before. */
                starting_after?: string;
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            /** @description The id of the event, and the header `webhook-id`. */
                            id: string;
                            /** @constant */
                            object: "webhook_delivery";
                            webhook_id: string;
                            type: string;
                            /** @enum {string} */
                            status: "pending" | "delivered" | "failed";
                            /** Format: date-time */
                            created: string;
                            /** Format: date-time */
                            next_attempt_at?: string;
                            attempt_count: number;
                            /** @description The name of the endpoint; empty for an address. */
                            name: string;
                            /** @description Where the event is sent. */
                            url: string;
                        }[];
                        /** @description Whether older deliveries may follow this page. */
                        has_more: boolean;
                        /** @description Where the next page continues. */
                        last_id: string | null;
                    };
                };
            };
        };
    };
    redriveTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task continues. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        task_id: string;
                        /** @description The id of the new turn, which continues the task. */
                        response_id: string;
                    };
                };
            };
        };
    };
    reviewCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
                /** @description The id of the tool call. */
                tool_call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Review"];
            };
        };
        responses: {
            /** @description The decision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewReply"];
                };
            };
        };
    };
    listReviews: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. By default the page has all items, up to 8 MB. */
                limit?: number;
                /** @description The `_id` of the item after which the page starts. */
                starting_after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of calls. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["PendingReview"][];
                        /** @description Whether more items follow this page. */
                        has_more: boolean;
                    };
                };
            };
        };
    };
    readLimits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits, and what is used. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
        };
    };
    readUsage: {
        parameters: {
            query?: {
                /** @description Divides the numbers by agent, model or identity. Not with `grain=minute`. */
                group_by?: "agent" | "model" | "identity";
                /** @description The length of a bucket. Minutes are kept for 3 hours, hours for 8 days, days (UTC) for 400 days. Default: `hour`. */
                grain?: "minute" | "hour" | "day";
                /** @description The beginning: an ISO 8601 date, or a date and time with its zone. It means the beginning of its bucket. Default: an hour, a day or 30 days before `to`, by the grain. */
                from?: string;
                /** @description The end, in the same format. Default: now. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceUsage"];
                };
            };
        };
    };
    readCaller: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
        };
    };
    createSignInLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The path of the link, to open in a browser. */
                        url: string;
                        /**
                         * Format: date-time
                         * @description The time until which it works.
                         */
                        expires_at: string;
                    };
                };
            };
        };
    };
    listAgents: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. By default the page has all items, up to 8 MB. */
                limit?: number;
                /** @description The `_id` of the item after which the page starts. */
                starting_after?: string;
                /** @description The `_id` of the item before which the page ends. */
                ending_before?: string;
                /** @description The type of agents. All agents are `internal`, so a list of `a2a` agents is empty. */
                type?: "internal" | "a2a";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of agents. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["Agent"][];
                        /** @description Whether more items follow this page. */
                        has_more: boolean;
                    };
                };
            };
        };
    };
    createAgent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAgent"];
            };
        };
        responses: {
            /** @description The first version of the agent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
        };
    };
    retrieveAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
        };
    };
    deleteAgent: {
        parameters: {
            query?: {
                /** @description `delete` deletes the agent's tasks, too. At most 500 of each shard are gone with the reply, the others within minutes. */
                tasks?: "delete";
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateAgent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateAgent"];
            };
        };
        responses: {
            /** @description The new version of the agent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agent"];
                };
            };
        };
    };
    listTools: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. By default the page has all items, up to 8 MB. */
                limit?: number;
                /** @description The `_id` of the item after which the page starts. */
                starting_after?: string;
                /** @description The `_id` of the item before which the page ends. */
                ending_before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tools. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["Tool"][];
                        /** @description Whether more items follow this page. */
                        has_more: boolean;
                    };
                };
            };
        };
    };
    createTool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTool"];
            };
        };
        responses: {
            /** @description The first version of the tool. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
        };
    };
    retrieveTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tool's key or `_id`. */
                tool_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tool. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
        };
    };
    deleteTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tool's key or `_id`. */
                tool_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tool is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
        };
    };
    updateTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tool's key or `_id`. */
                tool_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTool"];
            };
        };
        responses: {
            /** @description The new version of the tool. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
        };
    };
    listToolVersions: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. By default the page has all items, up to 8 MB. */
                limit?: number;
                /** @description The `_id` of the item after which the page starts. */
                starting_after?: string;
                /** @description The `_id` of the item before which the page ends. */
                ending_before?: string;
            };
            header?: never;
            path: {
                /** @description The tool's key or `_id`. */
                tool_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["ToolVersion"][];
                        /** @description Whether more items follow this page. */
                        has_more: boolean;
                    };
                };
            };
        };
    };
    getToolVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tool's key or `_id`. */
                tool_id: string;
                /** @description The version number, or the `_id` of an entry in the list of versions. */
                version_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolVersion"];
                };
            };
        };
    };
    syncMcpServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` or the key of an MCP server. */
                server_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    discovery_variables?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description The server. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        mcp_server: components["schemas"]["McpServer"];
                    };
                };
            };
        };
    };
    listMcpServers: {
        parameters: {
            query?: {
                /** @description The maximum number of items in the page. By default the page has all items, up to 8 MB. */
                limit?: number;
                /** @description The `_id` of the item after which the page starts. */
                starting_after?: string;
                /** @description The `_id` of the item before which the page ends. */
                ending_before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of servers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["McpServer"][];
                        has_more: boolean;
                    };
                };
            };
        };
    };
    createMcpServer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateMcpServer"];
            };
        };
        responses: {
            /** @description The server. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        mcp_server: components["schemas"]["McpServer"];
                    };
                };
            };
        };
    };
    retrieveMcpServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` or the key of an MCP server. */
                server_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        mcp_server: components["schemas"]["McpServer"];
                    };
                };
            };
        };
    };
    deleteMcpServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` or the key of an MCP server. */
                server_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The server is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, unknown>;
                };
            };
        };
    };
    updateMcpServer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` or the key of an MCP server. */
                server_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMcpServer"];
            };
        };
        responses: {
            /** @description The server. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        mcp_server: components["schemas"]["McpServer"];
                    };
                };
            };
        };
    };
    tryMcpTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` or the key of an MCP server. */
                server_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TryMcpTool"];
            };
        };
        responses: {
            /** @description The outcome. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        result: {
                            /** @description Whether the call returned a result. */
                            ok: boolean;
                            result?: {
                                [key: string]: unknown;
                            };
                            /** @description The error. Only if the call failed. */
                            error_message?: string;
                            /** @description The duration of the call in milliseconds. */
                            latency_ms: number;
                            errors: string[];
                        };
                    };
                };
            };
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                /** @description Default: 20. */
                limit?: number;
                /** @description The id of the last endpoint of the page before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of endpoints. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["WebhookEndpoint"][];
                        first_id: string | null;
                        last_id: string | null;
                        has_more: boolean;
                    };
                };
            };
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A name for people. */
                    name: string;
                    /**
                     * @description Where events are sent: an address with https, which leads to a public host or to one that the operator allows.
                     * @example https://shop.example/events
                     */
                    url: string;
                    /**
                     * @description Types of events, or patterns: all types of a family (`response.*`), or `*`.
                     * @example [
                     *       "response.completed",
                     *       "response.failed"
                     *     ]
                     */
                    event_types: ("response.started" | "response.completed" | "response.failed" | "response.cancelled" | "response.incomplete" | "response.action_required" | "schedule.skipped" | "schedule.paused" | "agent.created" | "agent.updated" | "agent.deleted" | "webhook_endpoint.disabled" | "*" | "response.*" | "schedule.*" | "agent.*" | "webhook_endpoint.*")[];
                    /** @description With `output`, events have the text of the answer, as `output_text`. */
                    include?: "output"[];
                };
            };
        };
        responses: {
            /** @description The endpoint, with its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
        };
    };
    retrieveWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
        };
    };
    updateWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A name for people. */
                    name?: string;
                    /**
                     * @description Where events are sent: an address with https, which leads to a public host or to one that the operator allows.
                     * @example https://shop.example/events
                     */
                    url?: string;
                    /**
                     * @description Types of events, or patterns: all types of a family (`response.*`), or `*`.
                     * @example [
                     *       "response.completed",
                     *       "response.failed"
                     *     ]
                     */
                    event_types?: ("response.started" | "response.completed" | "response.failed" | "response.cancelled" | "response.incomplete" | "response.action_required" | "schedule.skipped" | "schedule.paused" | "agent.created" | "agent.updated" | "agent.deleted" | "webhook_endpoint.disabled" | "*" | "response.*" | "schedule.*" | "agent.*" | "webhook_endpoint.*")[];
                    /** @description With `output`, events have the text of the answer, as `output_text`. */
                    include?: "output"[];
                    /** @description With `true`, an endpoint that the server has disabled receives events again. */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @constant */
                        object: "webhook_endpoint.deleted";
                        deleted: boolean;
                    };
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Whether events are signed with the previous secret, too, for another day. */
                    keep_old_secret_active_for_24_hours?: boolean;
                };
            };
        };
        responses: {
            /** @description The endpoint, with its new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
        };
    };
    testWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The type of the sample event.
                     * @example response.completed
                     * @enum {string}
                     */
                    event_type: "response.started" | "response.completed" | "response.failed" | "response.cancelled" | "response.incomplete" | "response.action_required" | "schedule.skipped" | "schedule.paused" | "agent.created" | "agent.updated" | "agent.deleted" | "webhook_endpoint.disabled";
                };
            };
        };
        responses: {
            /** @description The answer of the endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "webhook_endpoint.test";
                        webhook_endpoint_id: string;
                        event_type: string;
                        status_code: number;
                        /**
                         * @description The endpoint has answered.
                         * @constant
                         */
                        success: true;
                    };
                };
            };
        };
    };
    listWebhookEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The types. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: string[];
                    };
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description The number of the page, from 1. */
                page?: number;
                /** @description How many endpoints a page has. Default: 20. */
                limit?: number;
                /** @description A text in the name, the content type or the URL, in any case. */
                search?: string;
                /** @description A type or a pattern of its events. */
                event?: string;
                /** @description The field that orders them. Default: `created`. */
                sort?: "created" | "updated" | "display_name";
                /** @description Default: `desc`. */
                direction?: "asc" | "desc";
                /** @description Content types, with commas between. */
                content_type?: string;
                /** @description Only those that receive events, or the others. */
                enabled?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of webhooks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of endpoints that match. */
                        count: number;
                        items: components["schemas"]["Webhook"][];
                        has_more: boolean;
                    };
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The id, which the caller chooses. */
                    _id: string & (unknown & unknown);
                    /**
                     * @description Where events are sent: an address with https, which leads to a public host or to one that the operator allows.
                     * @example https://shop.example/events
                     */
                    url: string;
                    /**
                     * @description The form of a request. A form has the event as JSON in its field `payload`.
                     * @enum {string}
                     */
                    content_type: "application/json" | "application/x-www-form-urlencoded";
                    /** @description A name for people. */
                    display_name: string;
                    /**
                     * @description Types of events, or patterns: all types of a family (`response.*`), or `*`.
                     * @example [
                     *       "response.completed",
                     *       "response.failed"
                     *     ]
                     */
                    events: ("response.started" | "response.completed" | "response.failed" | "response.cancelled" | "response.incomplete" | "response.action_required" | "schedule.skipped" | "schedule.paused" | "agent.created" | "agent.updated" | "agent.deleted" | "webhook_endpoint.disabled" | "*" | "response.*" | "schedule.*" | "agent.*" | "webhook_endpoint.*")[];
                    /**
                     * @description The secret that signs events. One of the form `whsec_…` makes the headers of Standard Webhooks, too.
                     * @example a-secret-of-yours
                     */
                    secret: string;
                    /** @description Whether events are sent. Default: true. */
                    enabled?: boolean;
                    /** @description With `output`, events have the text of the answer, as `output_text`. */
                    include?: "output"[];
                };
            };
        };
        responses: {
            /** @description The webhook, with its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    countWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their number. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        total: number;
                    };
                };
            };
        };
    };
    generateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        secret: string;
                    };
                };
            };
        };
    };
    queryWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    pagination?: {
                        page?: number;
                        limit?: number;
                    };
                    sortingProps?: {
                        key?: string;
                        direction?: string;
                    }[];
                    query?: {
                        [key: string]: unknown;
                    };
                    filters?: {
                        [key: string]: unknown;
                    }[];
                    includedFields?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description A page of webhooks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of endpoints that match. */
                        count: number;
                        items: components["schemas"]["Webhook"][];
                        has_more: boolean;
                    };
                };
            };
        };
    };
    retrieveWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `_id` of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `_id` of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the webhook, which is gone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `_id` of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Where events are sent: an address with https, which leads to a public host or to one that the operator allows.
                     * @example https://shop.example/events
                     */
                    url?: string;
                    /**
                     * @description The form of a request. A form has the event as JSON in its field `payload`.
                     * @enum {string}
                     */
                    content_type?: "application/json" | "application/x-www-form-urlencoded";
                    /** @description A name for people. */
                    display_name?: string;
                    /**
                     * @description Types of events, or patterns: all types of a family (`response.*`), or `*`.
                     * @example [
                     *       "response.completed",
                     *       "response.failed"
                     *     ]
                     */
                    events?: ("response.started" | "response.completed" | "response.failed" | "response.cancelled" | "response.incomplete" | "response.action_required" | "schedule.skipped" | "schedule.paused" | "agent.created" | "agent.updated" | "agent.deleted" | "webhook_endpoint.disabled" | "*" | "response.*" | "schedule.*" | "agent.*" | "webhook_endpoint.*")[];
                    /**
                     * @description The secret that signs events. One of the form `whsec_…` makes the headers of Standard Webhooks, too.
                     * @example a-secret-of-yours
                     */
                    secret?: string;
                    /** @description Whether events are sent. Default: true. */
                    enabled?: boolean;
                    /** @description With `output`, events have the text of the answer, as `output_text`. */
                    include?: "output"[];
                };
            };
        };
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    listWebhookDeliveriesOfEndpoint: {
        parameters: {
            query?: {
                /** @description Only deliveries with this status. */
                status?: "pending" | "delivered" | "failed";
                /** @description Only events of this type. */
                type?: "response.started" | "response.completed" | "response.failed" | "response.cancelled" | "response.incomplete" | "response.action_required" | "schedule.skipped" | "schedule.paused" | "agent.created" | "agent.updated" | "agent.deleted" | "webhook_endpoint.disabled";
                /** @description Only deliveries of this time and later. */
                since?: string;
                /** @description Default: 50. */
                limit?: number;
                /** @description The id of the last delivery of the page before. */
                starting_after?: string;
            };
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            /** @description The id of the event, and the header `webhook-id`. */
                            id: string;
                            /** @constant */
                            object: "webhook_delivery";
                            webhook_id: string;
                            type: string;
                            /** @enum {string} */
                            status: "pending" | "delivered" | "failed";
                            /** Format: date-time */
                            created: string;
                            /** Format: date-time */
                            next_attempt_at?: string;
                            attempt_count: number;
                        }[];
                        has_more: boolean;
                    };
                };
            };
        };
    };
    retrieveWebhookDeliveryOfEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
                /** @description The `id` of a delivery, which is that of its event. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    redeliverWebhookDeliveryOfEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
                /** @description The `id` of a delivery, which is that of its event. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, which is sent again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    recoverWebhookDeliveriesOfEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a webhook endpoint. */
                webhook_endpoint_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A time with its zone.
                     * @example 2030-01-31T09:00:00Z
                     */
                    since: string;
                    /** @description Default: now. */
                    until?: string;
                    /**
                     * @description `failed` (default): deliveries that have failed. `missing`: ends of turns and approvals without a delivery, because the endpoint was disabled then.
                     * @enum {string}
                     */
                    include?: "failed" | "missing";
                    /** @description With `missing`: the `last_id` of the reply before. */
                    starting_after?: string;
                };
            };
        };
        responses: {
            /** @description The number of events. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many events are sent. */
                        recovered: number;
                        /** @description Whether another request may find more. */
                        has_more: boolean;
                        /** @description With `missing`: the last task examined. */
                        last_id: string | null;
                    };
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Only deliveries with this status. */
                status?: "pending" | "delivered" | "failed";
                /** @description Only events of this type. */
                type?: "response.started" | "response.completed" | "response.failed" | "response.cancelled" | "response.incomplete" | "response.action_required" | "schedule.skipped" | "schedule.paused" | "agent.created" | "agent.updated" | "agent.deleted" | "webhook_endpoint.disabled";
                /** @description Only deliveries of this time and later. */
                since?: string;
                /** @description Default: 50. */
                limit?: number;
                /** @description The id of the last delivery of the page before. */
                starting_after?: string;
            };
            header?: never;
            path: {
                /** @description The `_id` of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: {
                            /** @description The id of the event, and the header `webhook-id`. */
                            id: string;
                            /** @constant */
                            object: "webhook_delivery";
                            webhook_id: string;
                            type: string;
                            /** @enum {string} */
                            status: "pending" | "delivered" | "failed";
                            /** Format: date-time */
                            created: string;
                            /** Format: date-time */
                            next_attempt_at?: string;
                            attempt_count: number;
                        }[];
                        has_more: boolean;
                    };
                };
            };
        };
    };
    retrieveWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `_id` of a webhook. */
                webhook_id: string;
                /** @description The `id` of a delivery, which is that of its event. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    redeliverWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `_id` of a webhook. */
                webhook_id: string;
                /** @description The `id` of a delivery, which is that of its event. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, which is sent again. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    recoverWebhookDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `_id` of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A time with its zone.
                     * @example 2030-01-31T09:00:00Z
                     */
                    since: string;
                    /** @description Default: now. */
                    until?: string;
                    /**
                     * @description `failed` (default): deliveries that have failed. `missing`: ends of turns and approvals without a delivery, because the endpoint was disabled then.
                     * @enum {string}
                     */
                    include?: "failed" | "missing";
                    /** @description With `missing`: the `last_id` of the reply before. */
                    starting_after?: string;
                };
            };
        };
        responses: {
            /** @description The number of events. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many events are sent. */
                        recovered: number;
                        /** @description Whether another request may find more. */
                        has_more: boolean;
                        /** @description With `missing`: the last task examined. */
                        last_id: string | null;
                    };
                };
            };
        };
    };
    listAllSchedules: {
        parameters: {
            query?: {
                /** @description The maximum number of schedules in the page. Default: 50. */
                limit?: number;
                /** @description The `_id` of the last schedule of the page before. */
                starting_after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of schedules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        schedules: components["schemas"]["Schedule"][];
                        /** @description Whether older schedules follow this page. */
                        has_more: boolean;
                    };
                };
            };
        };
    };
    previewSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The form of `expression`.
                     * @example cron
                     * @enum {string}
                     */
                    type: "cron" | "interval" | "once";
                    /**
                     * @description When the schedule fires. `cron`: 5 fields (minute, hour, day of the month, month, weekday), or 6 with a second before them. `interval`: `@every` and a duration of at least a minute, such as `@every 90m` or `@every PT1H30M`. `once`: `@at` and a time with its zone.
                     * @example 0 0 9 * * 1-5
                     */
                    expression: string;
                    /**
                     * @description The time zone of a cron expression. A time that the clocks leave out fires at the first valid minute. A fixed hour that comes twice fires once. A pattern of every hour fires in every real hour. Default: `UTC`.
                     * @example Europe/Berlin
                     */
                    timezone?: string;
                    /**
                     * @description The schedule does not fire before this time. An interval counts from it.
                     * @example 2030-01-31T09:00:00Z
                     */
                    start_at?: string | null;
                    /**
                     * @description The schedule does not fire after this time.
                     * @example 2040-01-31T09:00:00Z
                     */
                    end_at?: string | null;
                    /**
                     * @description How often the schedule fires.
                     * @example 1000
                     */
                    max_runs?: number | null;
                };
            };
        };
        responses: {
            /** @description The next times. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The first times at which it would fire, without a spread. */
                        upcoming: string[];
                    };
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All schedules of the agent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedules"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSchedule"];
            };
        };
        responses: {
            /** @description The schedule. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    retrieveSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The `_id` of a schedule. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The `_id` of a schedule. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The `_id` of a schedule. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSchedule"];
            };
        };
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A key that makes a retry safe for 24 hours. Requests with the same key are one run of the schedule, and the reply to a repeat has the header `Idempotent-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The `_id` of a schedule. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run will start. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        schedule_id: string;
                        /** @constant */
                        status: "triggered";
                    };
                };
            };
        };
    };
    listScheduleRuns: {
        parameters: {
            query?: {
                /** @description The maximum number of occurrences in the page. Default: 25. */
                limit?: number;
                /** @description The number of newer occurrences that the page leaves out. */
                skip?: number;
            };
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The `_id` of a schedule. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of occurrences. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        runs: components["schemas"]["ScheduleRun"][];
                        /** @description Whether older occurrences follow this page. */
                        has_more: boolean;
                    };
                };
            };
        };
    };
    backfillSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The agent's key or `_id`. `key@version` names one version. */
                agent_key: string;
                /** @description The `_id` of a schedule. */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Backfill"];
            };
        };
        responses: {
            /** @description The runs that will start. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        schedule_id: string;
                        runs: {
                            _id: string;
                            /**
                             * Format: date-time
                             * @description The time of the occurrence, without its spread.
                             */
                            scheduled_for: string;
                        }[];
                    };
                };
            };
        };
    };
    adminOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The current state: turns, jobs and workers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
        };
    };
    adminScale: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The demand. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Scale"];
                };
            };
        };
    };
    adminTasks: {
        parameters: {
            query?: {
                /** @description Only tasks whose latest turn has this status. Default: `failed`. */
                status?: "queued" | "running" | "parked" | "completed" | "failed" | "cancelled";
                /** @description Only tasks that failed with this error code. */
                error?: "cancelled" | "context_too_long" | "file_unavailable" | "task_full" | "output_too_large" | "output_invalid" | "provider_failed" | "deadline" | "expired" | "worker_crashed" | "internal";
                /** @description The minimum age in seconds: since the end of the turn or, for a turn that has not ended, since its submission. */
                older_than?: number;
                /** @description Only tasks of this workspace. */
                workspace?: string;
                /** @description The maximum number of items in the page. Default and maximum: 200. */
                limit?: number;
                /** @description The `next` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        object: "list";
                        data: components["schemas"]["TaskEntry"][];
                        /** @description The `cursor` of the next page. Absent on the last page. A page may be short when many tasks were filtered out. */
                        next?: string;
                    };
                };
            };
        };
    };
    adminRedrive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the task, or the `_id` of one of its responses. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task continues. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        task_id: string;
                        /** @description The id of the new turn, which continues the task. */
                        response_id: string;
                    };
                };
            };
        };
    };
    adminRedriveMany: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedriveMany"];
            };
        };
        responses: {
            /** @description The redrives are scheduled. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of redrives that this request scheduled. Redrives that were already scheduled do not count. */
                        added: number;
                        /**
                         * Format: date-time
                         * @description The time at which the last of them is due.
                         */
                        until: string;
                        /** @description The entries of `ids` that cannot be redriven, and the reasons. */
                        skipped: {
                            id: string;
                            message: string;
                        }[];
                        /** @description Whether more tasks match than `limit` allows. */
                        more: boolean;
                    };
                };
            };
        };
    };
    adminPause: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workers take no new jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        paused: boolean;
                    };
                };
            };
        };
    };
    adminResume: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workers take jobs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        paused: boolean;
                    };
                };
            };
        };
    };
    adminReadLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The limits, and what is used. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
        };
    };
    adminChangeLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsPatch"];
            };
        };
        responses: {
            /** @description The limits after the change, and what is used. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Limits"];
                };
            };
        };
    };
    adminDiagnose: {
        parameters: {
            query?: {
                /** @description The approximate number of entries to scan. Default: 500. */
                limit?: number;
                /** @description The `next` of the previous reply. Without it the scan starts from the beginning. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Diagnosis"];
                };
            };
        };
    };
    adminMend: {
        parameters: {
            query?: {
                /** @description The approximate number of entries to scan. Default: 500. */
                limit?: number;
                /** @description The `next` of the previous reply. Without it the scan starts from the beginning. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The findings, which were repaired. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Diagnosis"];
                };
            };
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics, in the text format of Prometheus. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
