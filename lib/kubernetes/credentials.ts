/**
 * What a summary may quote. Summaries are read, searched and exported more widely than values, so anything that looks
 * like a credential by its name or by itself is named and not shown. This is caution, not redaction: Secrets are
 * redacted before, whatever their look.
 */
const credentialName =
  /pass(word|wd|phrase)?|secret|token|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|encryption[-_.]?key|auth|cookie|session|salt|signature|dsn|connection[-_.]?string|webhook/i
/** A name that says "password" of something that is none: where the credential is, how long it lives. */
const harmlessName =
  /(name|ref|path|file|ttl|seconds|timeout|enabled|rotation|policy|mode|type|class|count|size|url_?prefix)$/i

const credentialValue =
  /-----BEGIN |:\/\/[^/\s:@]*:[^/\s@]+@|^eyJ[\w-]+\.[\w-]+|^(AKIA|ASIA)[A-Z0-9]{12,}|\b(gh[pousr]|glpat|xox[abprs]|sk|hvs)[-_][\w-]{10,}|(password|passwd|pwd|secret|token)["']?\s*[:=]/i

export function mayQuote(name: string, value: string): boolean {
  if (credentialName.test(name) && !harmlessName.test(name)) return false
  return !credentialValue.test(value) && !isRandom(value)
}

/** Long, one word, digits mixed with letters of both cases: a key, not a setting. Image digests keep their colon. */
function isRandom(value: string): boolean {
  return /^[A-Za-z0-9+/_=-]{24,}$/.test(value) && /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value)
}
