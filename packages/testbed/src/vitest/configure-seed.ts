import * as fc from 'fast-check'
import { inject } from 'vitest'

// All property tests of a run use one seed, which the run prints at its start.
fc.configureGlobal({ seed: inject('seed') })
