import { fileURLToPath } from 'node:url'
import { dirname } from 'node:path'
import { buildDashboard } from './dashboard.ts'

// `npm run dashboard`: builds the dashboard, unless its sources have not changed since the last build.
process.chdir(dirname(fileURLToPath(new URL('.', import.meta.url))))
const built = await buildDashboard()
console.log(`longhaul: the dashboard ${built === 'unchanged' ? 'is built already' : 'is built'}`)
