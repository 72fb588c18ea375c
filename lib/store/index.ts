/** The record: every change of every key, what members said, and who leads. SQLite today. */
export { openReader, type ReaderOptions } from './sqlite/reader'
export { openWriter, type WriterOptions } from './sqlite/writer'
export type * from './store'
