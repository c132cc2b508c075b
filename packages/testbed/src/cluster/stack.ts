/** Former names. */
export { startCluster as startStack, type Cluster as Stack } from './start-cluster.ts'
