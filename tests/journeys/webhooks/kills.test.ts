import { killAndCheck, test } from './kills.fixture.ts'

test('every event arrives although the API and workers are killed, and repeats have equal ids', async ({
  cluster,
}) => {
  await killAndCheck(cluster, 3)
})
