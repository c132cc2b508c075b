export {
  checkJsons,
  checkSchemas,
  checkTemplates,
  jinjaNames,
  plainTexts,
  renderTemplates,
} from './content.ts'
export { type ContentBudget, createContentBudget } from './work/content-budget.ts'
export { decodeBase64 } from './files/decode-base64.ts'
export { fileType } from './files/file-type.ts'
export type { FileType } from './files/file-type.ts'
export { counts as contentCounts } from './work/run-content.ts'
