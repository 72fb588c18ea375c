/** The HTTP interface, version 1, as schemas: the server checks with them, the browser takes its types from them. */
export * from './change'
export * from './cluster'
export * from './common'
export * from './member'
export * from './series'
export * from './stream'
export * from './snapshot'
