/** What became of one try. `detail` is one sentence for people; it holds no secret and no address of a secret URL. */
export type SendOutcome =
  | { readonly ok: true; readonly status: number | null; readonly detail: string }
  | {
      readonly ok: false
      readonly status: number | null
      readonly detail: string
      /** True: the receiver will never take this message. False: the channel is in trouble, it may go later. */
      readonly refused: boolean
      /** The receiver asked to be left alone for so long. */
      readonly retryAfterMs: number | null
    }

/** No channel rests longer than this, whatever its receiver asks for. */
export const longestRestMs = 600_000

export function sent(status: number | null, detail: string): SendOutcome {
  return { ok: true, status, detail }
}

export function notSent(
  detail: string,
  more: { status?: number; refused?: boolean; retryAfterMs?: number | null } = {},
): SendOutcome {
  const { status = null, refused = false, retryAfterMs = null } = more
  return { ok: false, status, detail, refused, retryAfterMs }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses the connection',
  ECONNRESET: 'it broke the connection off',
  EPIPE: 'it broke the connection off',
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'its name does not resolve at the moment',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  EPROTO: 'it does not speak TLS there',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another name',
}

/** Why a connection failed, as the end of a sentence. Messages of the platform may quote what was sent. */
export function connectionFault(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : ''
  return reasons[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`)
}
