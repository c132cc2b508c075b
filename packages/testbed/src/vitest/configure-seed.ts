import * as fc from 'fast-check'
import { inject } from 'vitest'

// Every property of a run samples from one seed, which the run prints at its start.
fc.configureGlobal({ seed: inject('seed') })
