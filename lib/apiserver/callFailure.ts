import { ScopeError, sentenceOf } from '../core/errors'

/** What went wrong with a request, as one sentence that a person can act on. */

const tlsCodes =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/

const tlsReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself and no CA is given',
  SELF_SIGNED_CERT_IN_CHAIN: 'its CA is not the one of the kubeconfig',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by the CA of the kubeconfig',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by the CA of the kubeconfig',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name than the address',
}

export function transportFailure(server: string, error: unknown): ScopeError {
  if (error instanceof ScopeError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (tlsCodes.test(code)) {
    const reason = tlsReasons[code] ?? `TLS fails (${code})`
    return new ScopeError('TLS', `The apiserver ${server} is not trusted: ${reason}.`, { cause: error })
  }
  const reason = code === '' ? sentenceOf(error) : code
  return new ScopeError('UNREACHABLE', `The apiserver ${server} cannot be reached: ${reason}.`, { cause: error })
}

/** The answer's text is not repeated: it may quote what was asked for. */
export function statusFailure(path: string, status: number): ScopeError {
  if (status === 401) {
    return new ScopeError('UNAUTHENTICATED', 'The apiserver refuses the credentials of the kubeconfig (401).')
  }
  if (status === 403) return new ScopeError('PERMISSION_DENIED', `Not permitted: list and watch of ${path} (403).`)
  if (status === 404) return new ScopeError('NOT_FOUND', `The apiserver does not serve ${path} (404).`)
  if (status === 410)
    return new ScopeError('NOT_COVERED', `The apiserver no longer has that revision of ${path} (410).`)
  if (status === 429) return new ScopeError('UNREACHABLE', 'The apiserver asks for fewer requests (429).')
  return new ScopeError('UNREACHABLE', `The apiserver answers ${path} with status ${status}.`)
}

/** Revisions only grow, but for a cluster that was restored. */
export function setBack(head: bigint, told: bigint): ScopeError {
  const sentence = `The apiserver's newest revision is ${head}, and ${told} was told already: the cluster was set back.`
  return new ScopeError('NOT_COVERED', sentence)
}
