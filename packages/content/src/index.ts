export { checkAgainstSchema, checkSchema } from './json-schema.ts'
export { checkTemplate, render } from './template.ts'
