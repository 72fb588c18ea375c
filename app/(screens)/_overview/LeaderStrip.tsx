import Link from 'next/link'
import type { Cluster, LeaderChange } from '../../../lib/contract'
import { roundMoments } from '../../_charts/xScale'
import { formatClock, formatClockShort } from '../../_client/format'
import { Panel } from '../../_ui/Panel'

const DAY_MS = 86_400_000

interface LeaderStripProps {
  readonly clusters: readonly Cluster[]
  readonly changesOf: (cluster: string) => readonly LeaderChange[]
  readonly nowMs: number
}

function words(changes: readonly LeaderChange[]): string {
  const planned = changes.filter((change) => change.planned).length
  const not = changes.length - planned
  if (changes.length === 0) return 'none'
  if (not === 0) return `${planned} planned`
  return planned === 0 ? `${not} not planned` : `${planned} planned, ${not} not`
}

/** A day of leader changes, one line a cluster: solid where nobody asked for it, dashed where somebody did. */
export function LeaderStrip({ clusters, changesOf, nowMs }: LeaderStripProps) {
  const fromMs = nowMs - DAY_MS
  const place = (ms: number) => `${Math.min(100, Math.max(0, ((ms - fromMs) / DAY_MS) * 100))}%`
  // Behind an apiserver nobody sees them: that is not "none".
  const wordsOf = ({ name, source }: Cluster) => (source === 'apiserver' ? 'not visible' : words(changesOf(name)))
  const ticks = roundMoments({ fromMs, toMs: nowMs }, 3).moments.filter((ms) => nowMs - ms > DAY_MS * 0.25)
  return (
    <Panel title="Leader changes" note={clusters.length > 1 ? '24 h, all clusters' : '24 h'}>
      <div className="strip">
        {clusters.map((cluster) => (
          <div key={cluster.name} className="strip-row">
            <Link href={`/c/${encodeURIComponent(cluster.name)}/members?range=24h`} title={cluster.name}>
              {cluster.name}
            </Link>
            <div className="strip-line" role="img" aria-label={`${cluster.name}: ${wordsOf(cluster)}`}>
              {changesOf(cluster.name).map((change) => (
                <i
                  key={change.term}
                  data-planned={change.planned}
                  title={`${formatClock(Date.parse(change.at))}, ${change.fromName ?? 'unknown'} to ${change.toName}, ${change.planned ? 'planned' : 'not planned'}`}
                  style={{ left: place(Date.parse(change.at)) }}
                />
              ))}
            </div>
            <span>{wordsOf(cluster)}</span>
          </div>
        ))}
        <div className="strip-row strip-ticks" aria-hidden="true">
          <span />
          <div suppressHydrationWarning>
            {ticks.map((ms) => (
              <span key={ms} style={{ left: place(ms) }}>
                {formatClockShort(ms)}
              </span>
            ))}
            <span className="strip-now">now</span>
          </div>
          <span />
        </div>
      </div>
    </Panel>
  )
}
