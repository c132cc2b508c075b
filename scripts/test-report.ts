type TestResult = { fullName: string; status: string }
type FileResult = { name: string; status: string; assertionResults: TestResult[] }

/** What vitest's JSON reporter writes, as far as it is read here. */
export type TestReport = {
  numPassedTests?: number
  numFailedTests?: number
  testResults: FileResult[]
}

/** The files with a failed test, and those that did not load. */
export function failedFiles({ testResults }: TestReport): string[] {
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => name)
}

/** A report with the results of a later run. What that run has no result for keeps the earlier one. */
export function withResultsOf(earlier: TestReport, later: TestReport): TestReport {
  const rerun = new Map(later.testResults.map((file) => [file.name, file]))
  const testResults = earlier.testResults.map((file) => rerun.get(file.name) ?? file)
  const count = (status: string) =>
    testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === status)
      .length
  return {
    ...earlier,
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
  }
}

/** The tests that failed in the first report and passed in the second, by file and name. */
export function unstableTests(first: TestReport, second: TestReport): string[] {
  const failed = testsOf(first, 'failed')
  const passed = new Set(testsOf(second, 'passed'))
  return failed.filter((test) => passed.has(test))
}

function testsOf({ testResults }: TestReport, status: string): string[] {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((test) => test.status === status)
      .map(({ fullName }) => `${name}: ${fullName}`),
  )
}
