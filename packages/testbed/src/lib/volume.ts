/** The lane of this run: `npm test` is the short one, `npm run test:long` the long one. */
export const lane = process.env['TEST_LANE'] === 'long' ? 'long' : 'short'

/** How often a test that samples does so: less in the short lane, where its kind matters and not its size. */
export function volume(sizes: { short: number; long: number }): number {
  return sizes[lane]
}
