import { performance } from 'node:perf_hooks'
import type { ClusterSettings } from '../../config/settings'
import type { Clock } from '../../core/clock'
import { sentenceOf } from '../../core/errors'
import type { ClusterRef, LeaderChangeInput, RecordWriter, SampleInput } from '../../store'
import { clusterSamples } from './clusterSamples'
import { etcdTransport } from './etcdTransport'
import type { HashTarget } from './hashCheck'
import { HashChecker } from './hashChecker'
import { type LeaderState, resumeLeader } from './leaderDerivation'
import { MemberRecorder } from './memberRecorder'
import { MemberRoutes } from './memberRoutes'
import { type MembersView, membersView } from './membersView'
import type { MemberTransport } from './memberTransport'
import { MetricsScraper } from './metricsScraper'
import { createPromptness } from './promptSamples'
import { type PollResult, StatusPoller } from './statusPoller'
import type { Timing } from './statusRound'
import { statusSamples } from './statusSamples'

/**
 * Watches the members of one cluster: looks each second, scrapes, compares hashes, and writes what it sees. Three
 * loops that never throw: what fails becomes a member's or the cluster's error sentence, and the next round tries
 * again.
 */

/** While nobody leads, looks follow this quickly: the leaderless time is what everybody wants to know. */
const leaderlessLookMs = 150
/** But not for ever: after that a cluster without a leader is looked at like any other. */
const leaderlessQuickLooks = 150
/** The read waits for its deadline while there is no quorum, and would slow the quick looks down. */
const quickLooksPerRead = 6
/** The look for a restarted leader holds up the next look at all members: it is short. */
const restartLookMs = 500
/** Looks further apart than this many intervals are separate observations. */
const pausedAfterIntervals = 5
const pausedAfterMinMs = 5_000
export interface MemberWatchOptions {
  readonly settings: ClusterSettings
  readonly cluster: ClusterRef
  readonly writer: Pick<RecordWriter, 'observeMembers' | 'recordLeaderChange' | 'newestLeader' | 'writeSamples'>
  readonly clock: Clock
  readonly log: (message: string) => void
  readonly onView: (view: MembersView) => void
  /** Replaced in tests. */
  readonly transport?: MemberTransport
  readonly elapsedMs?: () => number
}

export interface MemberWatch {
  /** Null before the first look. */
  view(): MembersView | null
  /** The newest revision that any member reports. */
  headRevision(): bigint | null
  /** Idempotent; resolves when every loop has ended and what was seen is stored. */
  stop(): Promise<void>
}

export function startMembers(options: MemberWatchOptions): MemberWatch {
  const { settings, cluster, writer, clock, onView } = options
  const log = (message: string) => options.log(`${settings.name}: ${message}`)
  const timing: Timing = {
    nowMs: () => clock.nowMs(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    elapsedMs: options.elapsedMs ?? (() => performance.now()),
  }
  const transport = options.transport ?? etcdTransport(settings)
  const routes = new MemberRoutes(settings.endpoints, transport)
  const pausedAfterMs = Math.max(pausedAfterMinMs, settings.statusIntervalMs * pausedAfterIntervals)
  const recorder = new MemberRecorder(cluster, writer, pausedAfterMs, log)
  const scraper = new MetricsScraper(transport, settings.metricsUrls, timing.nowMs, log)
  const hashChecker = new HashChecker(hashTargets, clock, log)
  const isNews = createPromptness()
  const abort = new AbortController()
  const { signal } = abort
  const seenMs = new Map<string, number>()
  let latest: PollResult | null = null
  let lastClusterId: string | null = null
  let view: MembersView | null = null

  async function pollLoop(): Promise<void> {
    const poller = new StatusPoller(routes, timing, pausedAfterMs, await resumed())
    let quickLooks = 0
    while (!signal.aborted) {
      const fromMs = timing.elapsedMs()
      try {
        const result = await poller.poll(quickLooks === 0 || quickLooks % quickLooksPerRead === 0)
        take({ ...result, changes: await Promise.all(result.changes.map(confirmed)) })
        const samples = samplesOf(result)
        if (isNews(samples)) await store(samples)
      } catch (error) {
        log(`looking at the members failed: ${sentenceOf(error)}`)
      }
      const leaderless = latest?.leader?.holds === false && latest.census.members.some((m) => m.status !== null)
      quickLooks = leaderless ? quickLooks + 1 : 0
      const quick = leaderless && quickLooks <= leaderlessQuickLooks
      const intervalMs = quick ? Math.min(leaderlessLookMs, settings.statusIntervalMs) : settings.statusIntervalMs
      await clock.sleep(Math.max(quick ? 20 : 50, intervalMs - (timing.elapsedMs() - fromMs)), signal)
    }
  }

  /**
   * A leader that is killed and back within one interval looks like one that handed over: its process tells them
   * apart.
   */
  async function confirmed(change: LeaderChangeInput): Promise<LeaderChangeInput> {
    if (!change.planned || change.fromMemberId === null) return change
    const heldMs = change.atMs - change.leaderlessMs
    const restarted = scraper.restartedSince(change.fromMemberId, heldMs, signal)
    return { ...change, planned: !(await Promise.race([restarted, clock.sleep(restartLookMs, signal)])) }
  }

  async function resumed(): Promise<LeaderState | null> {
    try {
      const newest = await writer.newestLeader(cluster)
      return newest === null ? null : resumeLeader(newest)
    } catch (error) {
      log(`the last recorded leader is not read: ${sentenceOf(error)}`)
      return null
    }
  }

  function take(result: PollResult): void {
    const { clusterId } = result.census
    if (clusterId !== null && lastClusterId !== null && clusterId !== lastClusterId) {
      hashChecker.forget()
      scraper.forget()
    }
    lastClusterId = clusterId ?? lastClusterId
    latest = result
    for (const member of result.census.members) if (member.status !== null) seenMs.set(member.id, result.atMs)
    recorder.take(result.memberStates, result.changes, result.atMs)
    view = membersView({
      census: result.census,
      leader: result.leader,
      healthy: result.read?.ok ?? null,
      readError: result.read?.error ?? null,
      compactRevision: newer(scraper.compactRevision, hashChecker.compactRevision),
      extras: { seenMs, quotaBytes: scraper.quotaBytes, hashes: hashChecker.hashes },
    })
    onView(view)
  }

  /** What each look tells, beside what scrapes do. */
  function samplesOf({ census: { members }, read }: PollResult): SampleInput[] {
    return [...statusSamples(members, read), ...clusterSamples(members, hashChecker.hashes)]
  }

  async function store(samples: readonly SampleInput[]): Promise<void> {
    try {
      if (samples.length > 0) await writer.writeSamples(cluster, clock.nowMs(), samples)
    } catch (error) {
      log(`samples are not stored: ${sentenceOf(error)}`)
    }
  }

  async function scrapeLoop(): Promise<void> {
    while (!signal.aborted) {
      const fromMs = timing.elapsedMs()
      if (latest !== null && latest.census.clusterId !== null) await scrapeOnce(latest)
      const elapsedMs = timing.elapsedMs() - fromMs
      await clock.sleep(latest === null ? 100 : Math.max(100, settings.metricsIntervalMs - elapsedMs), signal)
    }
  }

  async function scrapeOnce(result: PollResult): Promise<void> {
    try {
      const members = result.census.members.filter((m) => m.name !== '')
      const scraped = await scraper.round(members, signal)
      await store([...samplesOf(latest ?? result), ...scraped])
    } catch (error) {
      log(`scraping failed: ${sentenceOf(error)}`)
    }
  }

  function hashTargets(): HashTarget[] {
    return (latest?.census.members ?? []).flatMap(({ id, status }) => {
      const route = routes.of(id)
      if (status === null || route === null) return []
      return [
        { memberId: id, revision: status.revision, hashKv: (pinned, until) => route.source.hashKv(pinned, until) },
      ]
    })
  }

  const loops = Promise.all([pollLoop(), scrapeLoop(), hashChecker.run(settings.hashIntervalMs, signal)])
  let stopped: Promise<void> | null = null
  return {
    view: () => view,
    headRevision: () => view?.revision ?? null,
    stop() {
      stopped ??= (async () => {
        abort.abort()
        await loops
        await recorder.settle()
        routes.close()
      })()
      return stopped
    },
  }
}

function newer(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null || b === null) return a ?? b
  return a > b ? a : b
}
