import type { Deps } from '../deps.ts'
import { healthRoutes } from '../health/health-routes.ts'
import { operatorRoutes, routes } from '../routes/index.ts'
import { openApiDocument } from './document.ts'

// Prints the OpenAPI document of this version, without a server: `node apps/api/src/openapi/print-document.ts`.
// Nothing is called, so the routes need no dependencies.
const health = healthRoutes({} as Deps)
process.stdout.write(JSON.stringify(openApiDocument([...routes, ...operatorRoutes], health)))
