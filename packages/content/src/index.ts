export { checkAgainstSchema, checkSchema } from './json-schema.ts'
export { checkTemplate, jinjaNames, render } from './template.ts'
