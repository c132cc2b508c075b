import { killAndCheck, test } from './kills.fixture.ts'

test('every event arrives although an API and a worker are killed a hundred times each', async ({
  cluster,
}) => {
  await killAndCheck(cluster, 100)
})
