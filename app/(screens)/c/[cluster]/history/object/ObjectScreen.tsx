'use client'

import Link from 'next/link'
import type { Change } from '../../../../../../lib/contract'
import { ApiProblem } from '../../../../../_client/apiProblem'
import { versionWords } from '../../../../../_client/format'
import { useCluster } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useSharedSearch, useUrlParam } from '../../../../../_client/useUrlState'
import { Bytes, Time } from '../../../../../_ui/Figures'
import { Icon } from '../../../../../_ui/Icon'
import { EmptyState, FailedState, LoadingState, UnknownState } from '../../../../../_ui/States'
import { WorkloadLink } from '../../../../../_ui/WorkloadLink'
import { ExportLinks } from '../../compare/ExportLinks'
import { keyText, type NamedKey } from '../changeId'
import { objectWords } from '../objectWords'
import type { Log } from '../useLog'
import { ConfigAtStart } from './ConfigAtStart'
import { DiffPanel } from './DiffPanel'
import { TrackPanel } from './TrackPanel'
import { useEnds } from './useEnds'
import { useReadOn, useRemoved, useVersions } from './useVersions'
import { VersionsPanel } from './VersionsPanel'
import { WithinMinute } from './WithinMinute'
import '../history.css'
import './object.css'

/** One key: all its versions on a line of time, and any two of them side by side. */
export function ObjectScreen({ cluster }: { cluster: string }) {
  const [key] = useUrlParam('key')
  const [keyBase64] = useUrlParam('keyBase64')
  const named = { key: key ?? undefined, keyBase64: keyBase64 ?? undefined }
  const text = keyText(named)
  if (text === '') {
    return (
      <div className="panel">
        <EmptyState title="No key is named in the address">The change log leads to one: open any row.</EmptyState>
      </div>
    )
  }
  return <OfKey key={text} cluster={cluster} named={named} />
}

function OfKey({
  cluster,
  named,
}: {
  cluster: string
  named: { key?: string | undefined; keyBase64?: string | undefined }
}) {
  const log = useVersions(cluster, named)
  const removed = useRemoved(cluster, named)
  const newestEpoch = useCluster(cluster).data?.epoch ?? 1
  const versions = log.query.data?.items ?? noVersions
  const choice = useEnds(versions, newestEpoch)
  const seeking = useReadOn(log, choice.compared.missing)
  const newest = versions[0]
  const title = newest ?? { ...named, resource: null, namespace: null, name: null }
  const more = log.query.data !== undefined && log.query.data.nextCursor !== null
  if (newest === undefined) {
    return (
      <div className="stack history">
        <Crumb cluster={cluster} named={title} />
        <div className="panel">{stateOf(log)}</div>
      </div>
    )
  }
  return (
    <div className="stack history">
      <Crumb cluster={cluster} named={title}>
        <StandingWords newest={newest} />
        <WorkloadLink cluster={cluster} objectKey={newest.key} />
        <ExportVersion cluster={cluster} named={named} version={choice.compared.to} />
      </Crumb>
      <TrackPanel cluster={cluster} named={named} versions={versions} more={more} choice={choice} />
      <div className="with-side" data-open="true">
        <DiffPanel cluster={cluster} named={named} versions={versions} choice={choice} seeking={seeking} />
        <div className="stack">
          <VersionsPanel cluster={cluster} log={log} removed={removed} choice={choice} />
          <ConfigAtStart cluster={cluster} named={newest} />
          <WithinMinute cluster={cluster} version={choice.compared.to} />
        </div>
      </div>
    </div>
  )
}

const noVersions: readonly Change[] = []

function stateOf({ query }: Log) {
  if (!query.isError) return <LoadingState />
  const { error } = query
  if (error instanceof ApiProblem && error.status === 404)
    return <UnknownState title="No version of this key is recorded">{error.detail}</UnknownState>
  return <FailedState title="The versions could not be read" error={error} onRetry={() => void query.refetch()} />
}

type Titled = Pick<Change, 'key' | 'keyBase64' | 'resource' | 'namespace' | 'name'>

function Crumb({ cluster, named, children }: { cluster: string; named: Titled; children?: React.ReactNode }) {
  const shared = useSharedSearch()
  const { kind, name, where } = objectWords(named)
  return (
    <div className="object-crumb">
      <Link className="link" href={`/c/${encodeURIComponent(cluster)}/history${shared}`}>
        All changes
      </Link>
      <Icon name="right" size={12} />
      <h2 title={keyText(named)}>
        {kind !== null && <span className="mid">{kind} </span>}
        <span className={kind === null ? 'mono' : undefined}>{where === null ? name : `${where}/${name}`}</span>
      </h2>
      {children}
    </div>
  )
}

/** The version chosen as To, as a way back; a deletion holds nothing to export. */
function ExportVersion({ cluster, named, version }: { cluster: string; named: NamedKey; version: Change | null }) {
  if (version === null || version.op === 'delete') return null
  return <ExportLinks cluster={cluster} what={named} at={version.revision} epoch={version.epoch} />
}

/** Whether the key is there, since when it is as it is, and how large. */
function StandingWords({ newest }: { newest: Change }) {
  const { nowMs } = useRange()
  if (newest.op === 'delete') {
    return (
      <p className="mid">
        Deleted <Time value={newest.at} nowMs={nowMs} />
      </p>
    )
  }
  return (
    <p className="mid">
      {versionWords(newest.version)}, <Bytes value={newest.valueBytes} />, last written{' '}
      <Time value={newest.at} nowMs={nowMs} />
      {newest.manager !== null && ` by ${newest.manager}`}
    </p>
  )
}
