import { killAndCheck, test } from './schedule-kills.fixture.ts'

test('every schedule starts one task although an API and a worker are killed around its time', async ({
  cluster,
}) => {
  await killAndCheck(cluster, 3)
})
