import { apiKeys, type ScriptedModel, testOperatorKey } from '@longhaul/testbed/servers'

/** The environment of every process, of either version: one installation. */
export function environmentOf(redisUrl: string, model: ScriptedModel): Record<string, string> {
  return {
    ...settings,
    REDIS_URL: redisUrl,
    LONGHAUL_API_KEYS: apiKeys,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'sk-test',
    LONGHAUL_UNSAFE_REDIS: '1',
  }
}

/** Special settings. The key seals the secrets of the fixture, which only tests use. */
export const settings = {
  LONGHAUL_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
}
