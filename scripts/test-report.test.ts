import { expect, test } from 'vitest'
import { failedFiles, type TestReport, unstableTests, withResultsOf } from './test-report.ts'

const first = reportOf({
  'a.test.ts': { adds: 'passed', subtracts: 'failed' },
  'b.test.ts': { waits: 'failed' },
  'c.test.ts': { ends: 'passed' },
})

test('files with a failed test run again, and so do those that did not load', () => {
  const broken = { name: 'd.test.ts', status: 'failed', assertionResults: [] }
  const report = { testResults: [...first.testResults, broken] }
  expect(failedFiles(report)).toEqual(['a.test.ts', 'b.test.ts', 'd.test.ts'])
})

test('what passes alone counts as passed, and is named', () => {
  const again = reportOf({ 'a.test.ts': { adds: 'passed', subtracts: 'passed' } })
  const report = withResultsOf(first, again)
  expect(report).toMatchObject({ numPassedTests: 3, numFailedTests: 1 })
  expect(failedFiles(report)).toEqual(['b.test.ts'])
  expect(unstableTests(first, report)).toEqual(['a.test.ts: subtracts'])
})

test('what fails again, and what a run that broke has no result for, stays failed', () => {
  const report = withResultsOf(first, reportOf({ 'b.test.ts': { waits: 'failed' } }))
  expect(report).toMatchObject({ numPassedTests: 2, numFailedTests: 2 })
  expect(withResultsOf(first, { testResults: [] })).toMatchObject({ numFailedTests: 2 })
  expect(unstableTests(first, report)).toEqual([])
})

function reportOf(files: Record<string, Record<string, string>>): TestReport {
  const testResults = Object.entries(files).map(([name, tests]) => {
    const assertionResults = Object.entries(tests).map(([fullName, status]) => ({
      fullName,
      status,
    }))
    const failed = assertionResults.some(({ status }) => status === 'failed')
    return { name, status: failed ? 'failed' : 'passed', assertionResults }
  })
  return { testResults }
}
