import type { ListedMember, MemberSource, MemberTransport } from './memberTransport'

/**
 * Which endpoints are asked, each over its own connection. The configured ones always: they are known to be meant
 * for this side of the network. What members advertise may not be reachable from here, so it is asked only for
 * members that no configured endpoint answers for.
 */

export interface Route {
  readonly endpoint: string
  readonly configured: boolean
  readonly source: MemberSource
  /** Member that answered last on this endpoint; null before the first answer. */
  memberId: string | null
  /** Why it failed last, in one sentence; null while it answers. */
  explanation: string | null
}

/** Advertised URLs tried of one member. */
const advertisedUrlsLimit = 3
/** Members whose advertised URLs are tried: etcd's own limits are far below. */
const advertisedMembersLimit = 32

export class MemberRoutes {
  readonly #transport: MemberTransport
  readonly #configured: readonly Route[]
  readonly #advertised = new Map<string, Route>()

  constructor(endpoints: readonly string[], transport: MemberTransport) {
    this.#transport = transport
    this.#configured = [...new Set(endpoints.map(normalUrl))].map((endpoint) => this.#open(endpoint, true))
  }

  /** Everything that the next round asks; `answered` are the members for which a configured endpoint just spoke. */
  asked(listed: readonly ListedMember[], answered: ReadonlySet<string>): readonly Route[] {
    const configured = new Set(this.#configured.map((r) => r.endpoint))
    const wanted = new Set<string>()
    for (const member of listed.filter((m) => !answered.has(m.id)).slice(0, advertisedMembersLimit)) {
      for (const url of member.clientUrls.slice(0, advertisedUrlsLimit).map(normalUrl)) {
        if (!configured.has(url)) wanted.add(url)
      }
    }
    for (const [url, route] of this.#advertised) {
      if (wanted.has(url)) continue
      route.source.close()
      this.#advertised.delete(url)
    }
    for (const url of wanted) {
      if (!this.#advertised.has(url)) this.#advertised.set(url, this.#open(url, false))
    }
    return [...this.#configured, ...this.#advertised.values()]
  }

  /** The connection that last answered for the member, a configured one first. */
  of(memberId: string): Route | null {
    const all = [...this.#configured, ...this.#advertised.values()]
    return all.find((r) => r.memberId === memberId) ?? null
  }

  close(): void {
    for (const route of [...this.#configured, ...this.#advertised.values()]) route.source.close()
    this.#advertised.clear()
  }

  #open(endpoint: string, configured: boolean): Route {
    return { endpoint, configured, source: this.#transport.connect(endpoint), memberId: null, explanation: null }
  }
}

/** The same endpoint written in two ways is asked once. */
export function normalUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}
