import { sentenceOf } from '../../core/errors'
import type { SampleInput } from '../../store'
import { samplesBetween } from './counterRates'
import { type MemberScrape, memberScrape, processStartOf, type ScrapedMember, writtenBy } from './memberScrape'
import type { MemberTransport, ScrapedFamily } from './memberTransport'
import { ProcessLives } from './processLives'
import type { Scrape } from './scrape'

/** Scrapes every member at once and turns each against its previous scrape into samples. */

export interface ScrapeTarget extends ScrapedMember {
  /** Base URL where the member answered last; null while it does not. */
  readonly endpoint: string | null
}

export class MetricsScraper {
  readonly #transport: MemberTransport
  readonly #metricsUrls: readonly string[]
  readonly #nowMs: () => number
  readonly #log: (message: string) => void
  readonly #previous = new Map<string, Scrape>()
  /** Troubles that are said already, so that each is said once until it is over. */
  readonly #said = new Set<string>()
  readonly #lives = new ProcessLives()
  /** Where each member's metrics were found last. */
  readonly #urls = new Map<string, string>()
  readonly #quotaBytes = new Map<string, number>()
  #compactRevision: bigint | null = null

  /** `metricsUrls` empty: the members' client URLs. */
  constructor(
    transport: MemberTransport,
    metricsUrls: readonly string[],
    nowMs: () => number,
    log: (message: string) => void,
  ) {
    this.#transport = transport
    this.#metricsUrls = metricsUrls
    this.#nowMs = nowMs
    this.#log = log
  }

  /** By member id, from `etcd_server_quota_backend_bytes`. */
  get quotaBytes(): ReadonlyMap<string, number> {
    return this.#quotaBytes
  }

  get compactRevision(): bigint | null {
    return this.#compactRevision
  }

  /** Another cluster: nothing of the old one's holds. */
  forget(): void {
    this.#compactRevision = null
    this.#forget([])
  }

  /** Whether the member's process was replaced since then, by a look of its own; false where it cannot be known. */
  async restartedSince(memberId: string, sinceMs: number, signal: AbortSignal): Promise<boolean> {
    const url = this.#urls.get(memberId)
    if (url === undefined) return false
    const families = await this.#scrape(url, signal)
    if (families !== null) this.#lives.saw(memberId, processStartOf(families), this.#nowMs())
    return this.#lives.changedSince(memberId, sinceMs)
  }

  async round(members: readonly ScrapeTarget[], signal: AbortSignal): Promise<SampleInput[]> {
    const names = new Map(members.map((m) => [m.id, m.name]))
    const asked =
      this.#metricsUrls.length > 0
        ? this.#metricsUrls.map((url) => ({ url, member: null }))
        : members.flatMap((m) => (m.endpoint === null ? [] : [{ url: m.endpoint, member: m }]))
    const answers = await Promise.all(
      asked.map(async ({ url, member }) => {
        const families = await this.#scrape(url, signal)
        if (families === null) return []
        const atMs = this.#nowMs()
        const id = writtenBy(families)
        const writer = id === null ? (member ?? memberAt(url, members)) : members.find((m) => m.id === id)
        if (writer == null) {
          this.#sayOnce(`${url}/metrics`, 'belongs to no known member')
          return []
        }
        this.#said.delete(`${url}/metrics`)
        this.#urls.set(writer.id, url)
        return this.#samplesOf(memberScrape(families, writer, names, atMs), writer)
      }),
    )
    this.#forget(members)
    return answers.flat()
  }

  async #scrape(url: string, signal: AbortSignal): Promise<readonly ScrapedFamily[] | null> {
    try {
      return await this.#transport.scrape(url, signal)
    } catch (error) {
      if (!signal.aborted) this.#sayOnce(`${url}/metrics`, `is not scraped: ${sentenceOf(error)}`)
      return null
    }
  }

  #samplesOf(scrape: MemberScrape, member: ScrapedMember): SampleInput[] {
    if (scrape.overLimit > 0) this.#sayOnce(member.name, `has ${scrape.overLimit} series more than are kept`)
    if (scrape.quotaBytes !== null) this.#quotaBytes.set(member.id, scrape.quotaBytes)
    const previous = this.#previous.get(member.id) ?? null
    this.#previous.set(member.id, scrape)
    const compacted = scrape.compactRevision
    if (compacted !== null && compacted > (this.#compactRevision ?? -1n)) this.#compactRevision = compacted
    this.#lives.saw(member.id, scrape.processStart, scrape.atMs)
    return samplesBetween(previous, scrape)
  }

  #sayOnce(subject: string, what: string): void {
    if (this.#said.has(subject)) return
    this.#said.add(subject)
    this.#log(`${subject} ${what}`)
  }

  /** Members that left the cluster take their state along. */
  #forget(members: readonly ScrapeTarget[]): void {
    const present = new Set(members.map((m) => m.id))
    this.#lives.forgetAllBut(present)
    for (const map of [this.#previous, this.#quotaBytes, this.#urls]) {
      for (const id of map.keys()) if (!present.has(id)) map.delete(id)
    }
  }
}

/** The one member on that host; null when it is not clear. */
function memberAt(url: string, members: readonly ScrapeTarget[]): ScrapeTarget | null {
  const host = URL.canParse(url) ? new URL(url).hostname : null
  const there = members.filter((m) => m.endpoint !== null && new URL(m.endpoint).hostname === host)
  return there.length === 1 ? (there[0] ?? null) : null
}
