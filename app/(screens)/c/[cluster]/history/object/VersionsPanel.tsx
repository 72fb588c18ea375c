'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import type { Change, RemovedChanges } from '../../../../../../lib/contract'
import { gapLabel } from '../../../../../_charts/Overlays'
import { recordGaps } from '../../../../../_charts/prepareGaps'
import { formatBytes, formatCount, formatDuration } from '../../../../../_client/format'
import { useCluster } from '../../../../../_client/queries'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { Revision } from '../../../../../_ui/Figures'
import { ChangeTime, managerUnknown, OpMark, Summary } from '../ChangeParts'
import type { Log } from '../useLog'
import { matters, prepareVersionRows, shapeOf, type VersionRow } from './prepareVersions'
import type { EndsChoice } from './useEnds'
import { ShapeGlyph } from './VersionTrack'

interface VersionsPanelProps {
  readonly cluster: string
  readonly log: Log
  readonly removed: readonly RemovedChanges[]
  readonly choice: EndsChoice
}

const ROW_PX = 58
const noVersions: readonly Change[] = []

/** Every version of the key, newest first: a click compares it with the one before, or chooses it as From. */
export function VersionsPanel({ cluster, log, removed, choice }: VersionsPanelProps) {
  const versions = log.query.data?.items ?? noVersions
  const [allText, setAll] = useUrlParam('versions')
  const unimportant = versions.filter((version) => !matters(version)).length
  const all = allText === 'all' || unimportant === versions.length
  const data = useCluster(cluster).data
  const { ends } = choice
  const rows = useMemo(() => {
    const oldest = versions[versions.length - 1]
    const newest = versions[0]
    if (oldest === undefined || newest === undefined) return []
    const span = { fromMs: Date.parse(oldest.at), toMs: Date.parse(newest.at) + 1 }
    return prepareVersionRows({ versions, gaps: recordGaps(data, span), removed, all, ends })
  }, [versions, data, removed, all, ends])
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    initialRect: { width: 300, height: 480 },
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const more = log.query.data !== undefined && log.query.data.nextCursor !== null
  return (
    <section className="panel" aria-label="Versions">
      <div className="panel-head">
        <h2>Versions</h2>
        <small>{all ? 'all' : 'spec and metadata'}</small>
        <div className="panel-actions">
          {unimportant > 0 && unimportant < versions.length && (
            <button type="button" className="link text-xs" onClick={() => setAll(all ? null : 'all', 'replace')}>
              {all ? 'Hide status' : `Show ${formatCount(unimportant)} status`}
            </button>
          )}
        </div>
      </div>
      <section
        ref={scroller}
        className="version-list"
        aria-label="List of versions"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with keys
        tabIndex={0}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            return (
              row !== undefined && (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className="lines-placed"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <Row row={row} choice={choice} />
                </div>
              )
            )
          })}
        </div>
      </section>
      {more && (
        <div className="panel-foot">
          {log.olderFailed ? 'Older versions could not be read' : `${formatCount(versions.length)} read`}
          <button type="button" className="link" onClick={log.readOlder}>
            {log.olderFailed ? 'Try again' : 'Read older ones'}
          </button>
        </div>
      )}
    </section>
  )
}

function Row({ row, choice }: { row: VersionRow; choice: EndsChoice }) {
  if (row.kind === 'gap') {
    return (
      <div className="version-gap">
        <small>{gapLabel(row.gap, Date.now())}</small>
      </div>
    )
  }
  if (row.kind === 'removed') {
    const { changes, fromRevision, toRevision } = row.removed
    return (
      <div className="version-gap">
        <small>
          {changes === 1 ? '1 change' : `${formatCount(changes)} changes`} removed by retention, revision{' '}
          <Revision value={fromRevision} />
          {fromRevision !== toRevision && (
            <>
              {' '}
              to <Revision value={toRevision} />
            </>
          )}
        </small>
      </div>
    )
  }
  if (row.kind === 'absent') {
    return (
      <div className="version-absent">
        <small>Did not exist for {formatDuration(row.forMs)}</small>
      </div>
    )
  }
  const { version } = row
  const { from, to } = choice.ends
  const end = version === to ? 'To' : version === from ? 'From' : null
  return (
    <div className="version" data-end={end?.toLowerCase()}>
      <button
        type="button"
        className="version-main"
        aria-current={version === to ? 'true' : undefined}
        onClick={() => choice.set('to', version, 'push')}
        title="Compare this version with the older one chosen"
      >
        <ShapeGlyph shape={shapeOf(version)} />
        <span className="version-what">
          <b>
            {version.op !== 'update' && <OpMark op={version.op} />} <Summary change={version} />
          </b>
          <small>
            {version.manager ?? <span title={managerUnknown(version)}>manager not stored</span>}, {version.significance}
            {version.op !== 'delete' && `, ${formatBytes(version.valueBytes)}`}
          </small>
        </span>
        <span className="version-when">
          <Revision value={version.revision} />
          <small>
            <ChangeTime change={version} />
          </small>
        </span>
      </button>
      {end === null ? (
        <button
          type="button"
          className="version-from"
          aria-label={`Compare from revision ${version.revision}`}
          onClick={() => choice.set('from', version, 'push')}
        >
          From
        </button>
      ) : (
        <em className="version-end">{end}</em>
      )}
    </div>
  )
}
