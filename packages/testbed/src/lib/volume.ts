/** The lane of this run: `npm test` is the short one, `npm run test:long` the long one. */
export const lane = process.env['TEST_LANE'] === 'long' ? 'long' : 'short'

/** The number of samples of a random test: smaller in the short lane. */
export function volume(sizes: { short: number; long: number }): number {
  return sizes[lane]
}
