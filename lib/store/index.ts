/** The record: every change of every key, what members said, and who leads. SQLite today. */
export type * from './alerts'
export type * from './operator'
export type * from './samples'
export { openAlertStore } from './sqlite/alertStore'
export { openOperatorWriter } from './sqlite/operatorWriter'
export { openReader, type ReaderOptions } from './sqlite/reader'
export { openWriter, type WriterOptions } from './sqlite/writer'
export type * from './store'
