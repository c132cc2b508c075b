import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Prints the slowest tests at the end of a run. */
export default class SlowestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const slowest = tests.toSorted((a, b) => msOf(b) - msOf(a)).slice(0, 25)
    const lines = [`\nThe slowest ${slowest.length} of ${tests.length} tests:`]
    for (const test of slowest) {
      const seconds = (msOf(test) / 1_000).toFixed(1).padStart(6)
      lines.push(`${seconds} s  ${test.module.relativeModuleId}  ${test.name}`)
    }
    process.stdout.write(`${lines.join('\n')}\n`)
  }
}

function msOf(test: TestCase): number {
  return test.diagnostic()?.duration ?? 0
}
