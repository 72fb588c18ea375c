import type { Cluster, LeaderChange } from '../../../lib/contract'
import { formatClockShort, plural } from '../../_client/format'
import type { StatusTone } from '../../_ui/StatusMark'
import { clusterHealth, daysUntilFull, QUOTA_WARN_DAYS } from './clusterHealth'

/** The overview's one sentence: does any cluster need attention, and why. Pure. */

export interface OverviewVerdict {
  readonly tone: StatusTone
  readonly sentence: string
  readonly reasons: string
}

interface Reason {
  readonly tone: 'critical' | 'warn'
  readonly text: string
}

/** An unplanned leader loss stays worth a sentence this long. */
const RECENT_MS = 3_600_000

export function reasonsOf(cluster: Cluster, changes: readonly LeaderChange[], nowMs: number): readonly Reason[] {
  const reasons: Reason[] = []
  const health = clusterHealth(cluster)
  if (health.tone === 'critical') reasons.push({ tone: 'critical', text: lower(health.words) })
  else if (health.tone === 'warn') {
    reasons.push({ tone: 'warn', text: cluster.quorum.tolerates === 0 ? 'tolerates no further failure' : health.words })
  }
  if (health.words !== 'Not reachable' && (cluster.state === 'reconnecting' || cluster.state === 'stopped')) {
    reasons.push({ tone: 'warn', text: cluster.state === 'stopped' ? 'is not being recorded' : 'is reconnecting' })
  }
  const lost = changes.filter((change) => !change.planned && nowMs - Date.parse(change.at) < RECENT_MS)
  const [last] = [...lost].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  if (last !== undefined)
    reasons.push({ tone: 'warn', text: `lost its leader at ${formatClockShort(Date.parse(last.at))}` })
  const days = daysUntilFull(cluster, nowMs)
  if (days !== null && days < QUOTA_WARN_DAYS) {
    reasons.push({
      tone: 'warn',
      text: days < 1 ? 'reaches its quota today' : `reaches its quota in ${plural(Math.floor(days), 'day')}`,
    })
  }
  return reasons
}

export function overviewVerdict(
  all: readonly Cluster[],
  changesOf: (cluster: string) => readonly LeaderChange[],
  nowMs: number,
): OverviewVerdict {
  const clusters = all.filter((cluster) => cluster.state !== 'archived')
  if (clusters.length === 0) return { tone: 'unknown', sentence: 'No cluster is watched', reasons: '' }
  const worried = clusters
    .map((cluster) => ({ cluster, reasons: reasonsOf(cluster, changesOf(cluster.name), nowMs) }))
    .filter(({ reasons }) => reasons.length > 0)
  if (worried.length === 0) return allWell(clusters)
  const critical = worried.some(({ reasons }) => reasons.some((reason) => reason.tone === 'critical'))
  const sentences = worried.map(
    ({ cluster, reasons }) => `${cluster.name} ${joined(reasons.map((r) => verbal(r.text)))}.`,
  )
  const [only] = clusters
  return {
    tone: critical ? 'critical' : 'warn',
    sentence:
      clusters.length === 1 && only !== undefined
        ? `${only.name} needs attention`
        : `${worried.length} of ${clusters.length} clusters ${worried.length === 1 ? 'needs' : 'need'} attention`,
    reasons: sentences.join(' '),
  }
}

function allWell(clusters: readonly Cluster[]): OverviewVerdict {
  const [only] = clusters
  if (clusters.length === 1 && only !== undefined) {
    const { tone, words, detail } = clusterHealth(only)
    return { tone, sentence: `${words}, ${detail}`, reasons: '' }
  }
  const unknown = clusters.filter((cluster) => clusterHealth(cluster).tone === 'unknown')
  if (unknown.length === clusters.length) return { tone: 'unknown', sentence: 'No members are visible', reasons: '' }
  return {
    tone: 'ok',
    sentence: `All ${clusters.length} clusters are healthy`,
    reasons: unknown.length === 0 ? '' : `Members of ${joined(unknown.map((one) => one.name))} are not visible.`,
  }
}

const lower = (text: string) => (/^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1))

/** States get a verb; what starts with one already has it. */
function verbal(text: string): string {
  return /^(is|has|lost|reaches|tolerates)\b/.test(text) ? text : /^(not)\b/.test(text) ? `is ${text}` : `has ${text}`
}

function joined(parts: readonly string[]): string {
  const last = parts[parts.length - 1]
  return parts.length < 2 || last === undefined ? (last ?? '') : `${parts.slice(0, -1).join(', ')} and ${last}`
}
