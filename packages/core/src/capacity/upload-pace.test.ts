import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '../limits/limits.ts'
import { nextUploadMark, type UploadMark } from './upload-pace.ts'

const { bytes, within } = limits.http.upload
const checkMs = limits.http.check

/** How long an upload with this number of bytes between two checks may continue, in milliseconds. */
function lastsFor(progress: (check: number) => number, until: number): number {
  let now: UploadMark = { at: 0, bytes: 0 }
  let mark: UploadMark | undefined = now
  for (let check = 0; now.at < until; check += 1) {
    now = { at: now.at + checkMs, bytes: now.bytes + progress(check) }
    mark = nextUploadMark(mark, now)
    if (mark === undefined) return now.at
  }
  return now.at
}

test('an upload at a steady pace is never ended, however long it takes', () => {
  const perCheck = Math.ceil((bytes * checkMs) / (within - checkMs))
  fc.assert(
    fc.property(fc.nat({ max: bytes }), (more) => {
      expect(lastsFor(() => perCheck + more, 3_600_000)).toBe(3_600_000)
    }),
  )
})

test('an upload that sends less is ended, whatever it has sent before', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: limits.body }),
      fc.nat({ max: Math.floor(bytes / 10) }),
      (burst, drip) => {
        const lasted = lastsFor((check) => (check === 0 ? burst : drip), 3_600_000)
        expect(lasted).toBeLessThanOrEqual(2 * within + 2 * checkMs)
      },
    ),
  )
})

test('the largest body at the lowest pace arrives within the time of a request', () => {
  const windows = Math.ceil(limits.body / bytes) + 1
  expect(windows * (within + checkMs)).toBeLessThanOrEqual(limits.http.request)
})
