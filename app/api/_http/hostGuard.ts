/**
 * Against DNS rebinding, a second time: the server refuses foreign names before Next sees them, and so does every
 * handler, should it ever run behind another server.
 */
export function isOwnHost(host: string | null, insecure: boolean): boolean {
  if (insecure) return true
  return host !== null && /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host)
}
