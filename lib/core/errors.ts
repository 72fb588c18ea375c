/**
 * The closed set of errors that cross a boundary. A code decides what happens: transient ones are retried by the
 * supervisor, permanent ones are shown with what to do, and the HTTP layer maps each to one status in one place.
 */
export const errorCodes = [
  'BAD_SETTING', // a setting is missing, malformed or contradictory: the start stops, naming it
  'BAD_REQUEST', // a request parameter is wrong: `parameter` names it
  'NOT_FOUND', // no such cluster, key, member
  'NOT_COVERED', // the record does not hold that moment: `nearest` says what it does hold
  'UNREACHABLE', // transient: the peer does not answer
  'UNAUTHENTICATED', // wrong user or password, or an expired token that could not be renewed
  'PERMISSION_DENIED', // the user lacks a role
  'TLS', // certificate, CA or name mismatch
  'STORE_UNWRITABLE', // data folder or database cannot be written
  'STORE_NEWER', // database written by a newer version
  'NOT_OWNER', // another collector has taken the cluster over: this one must stop writing
  'UNSUPPORTED', // the peer or build lacks a feature
  'INTERNAL', // ours: a bug; the message stays in the log
] as const

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number]

export class ScopeError extends Error {
  readonly code: ErrorCode
  /** The request parameter or setting at fault, when there is one. */
  readonly subject: string | undefined
  /** Extra members for the answer, JSON-safe. */
  readonly detail: Readonly<Record<string, unknown>> | undefined

  /** `message` is one sentence a person can act on, free of credentials. */
  constructor(
    code: ErrorCode,
    message: string,
    options: { subject?: string; detail?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ScopeError'
    this.code = code
    this.subject = options.subject
    this.detail = options.detail
  }
}

/** Worth another try without a person's help. */
export function isTransient(error: unknown): boolean {
  return error instanceof ScopeError && error.code === 'UNREACHABLE'
}

/** One sentence for a log line or a status field; never a stack. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return String(error)
}
