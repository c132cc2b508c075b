import { killAndCheck, test } from './schedule-kills.fixture.ts'

test('every schedule starts one task although an API and a worker are killed a hundred times', async ({
  cluster,
}) => {
  await killAndCheck(cluster, 100)
})
