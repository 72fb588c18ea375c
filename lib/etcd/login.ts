/**
 * The token of one connection: fetched on first use, shared by calls that come meanwhile, dropped when a server
 * refuses it. Null where no token is needed.
 */
export interface Login {
  token(): Promise<string | null>
  /** Forgets the token if it is still that one: of many calls refused at once, the first causes one new login. */
  drop(token: string | null): void
}

export function createLogin(authenticate: (() => Promise<string | null>) | null): Login {
  let current: { readonly token: Promise<string | null>; known: string | null } | null = null
  return {
    token() {
      if (!authenticate) return Promise.resolve(null)
      if (current) return current.token
      const entry = { token: authenticate(), known: null as string | null }
      current = entry
      entry.token.then(
        (token) => {
          entry.known = token
        },
        () => {
          if (current === entry) current = null
        },
      )
      return entry.token
    },
    drop(token) {
      if (current?.known === token) current = null
    },
  }
}
