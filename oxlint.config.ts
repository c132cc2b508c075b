import { defineConfig } from 'oxlint'

/** The layers of the project, lowest first: a package imports those of lower layers only. */
const layers = [
  ['core', 'provision', 'client'],
  ['content', 'outbound', 'redis'],
  ['process', 'agent', 'tasks'],
  ['api', 'worker', 'cli', 'dashboard'],
  ['testbed'],
  ['tests'],
]

/** What may import the testbed although it lies below: unit tests stay beside what they test. */
const unitTests = ['**/*.test.ts', '**/*.fixture.ts', '**/test-server.ts']

export default defineConfig({
  ignorePatterns: ['packages/client/src/openapi.d.ts'],
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  rules: {
    'eslint/eqeqeq': ['error', 'always', { null: 'ignore' }],
    'eslint/no-console': 'error',
    'import/no-cycle': 'error',
    'no-restricted-imports': onlyFromBelow(layers.length),
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'eslint/no-await-in-loop': 'off',
    'oxc/no-map-spread': 'off',
    'typescript/consistent-return': 'off',
    'oxc/no-async-endpoint-handlers': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
  },
  overrides: [
    ...layers.map((packages, layer) => ({
      files: packages.map((name) => `${folderOf(name)}/**`),
      rules: { 'no-restricted-imports': onlyFromBelow(layer) },
    })),
    { files: ['scripts/**'], rules: { 'no-restricted-imports': onlyFromBelow(3) } },
    {
      files: unitTests.map((pattern) => `{apps,packages,scripts}/${pattern}`),
      rules: { 'no-restricted-imports': onlyFromBelow(3, ['testbed']) },
    },
    {
      files: ['**/*.test.ts', '**/*.fixture.ts', 'packages/testbed/**', 'tests/**'],
      rules: {
        'eslint/no-empty-pattern': 'off',
        'typescript/no-non-null-assertion': 'off',
        'vitest/no-standalone-expect': 'off',
      },
    },
    {
      files: ['apps/dashboard/**'],
      rules: {
        'eslint/no-underscore-dangle': ['error', { allow: ['_id'] }],
        'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
        'typescript/switch-exhaustiveness-check': [
          'error',
          { considerDefaultExhaustiveForUnions: true },
        ],
      },
    },
    {
      files: ['packages/provision/**', 'scripts/**', 'tests/**'],
      rules: { 'eslint/no-console': 'off' },
    },
  ],
})

function folderOf(name: string): string {
  if (name === 'tests') return 'tests'
  if (name === 'testbed') return 'packages/testbed'
  return ['api', 'worker', 'cli', 'dashboard'].includes(name) ? `apps/${name}` : `packages/${name}`
}

type Pattern = { group?: string[]; regex?: string; message: string }

/** Forbids the packages of this layer and those above it, but for some. */
function onlyFromBelow(layer: number, but: string[] = []): ['error', { patterns: Pattern[] }] {
  const above = layers.slice(layer).flat()
  const forbidden = above.filter((name) => !but.includes(name))
  const patterns: Pattern[] = [
    {
      group: ['**/apps/**', '**/packages/**', '../../*/src/**', '../../../*/src/**'],
      message: 'Import another package by its name.',
    },
    { group: ['./**/*.js', '../**/*.js'], message: 'Write the real file name: ./task.ts' },
  ]
  if (forbidden.length > 0) {
    patterns.push({
      regex: `^@longhaul/(${forbidden.join('|')})(/|$)`,
      message: 'A package imports those of lower layers only: see oxlint.config.ts.',
    })
  }
  return ['error', { patterns }]
}
