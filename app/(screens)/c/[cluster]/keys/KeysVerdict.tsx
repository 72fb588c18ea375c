'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { ApiProblem } from '../../../../_client/apiProblem'
import { useCluster } from '../../../../_client/queries'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { LinkButton } from '../../../../_ui/Button'
import { Revision, Time } from '../../../../_ui/Figures'
import { Verdict } from '../../../../_ui/Verdict'
import { compareHref } from '../compare/compareHref'
import type { Level } from './keysQueries'
import { MomentControl } from './MomentControl'
import { gapAt } from './prepareMoment'
import { keysSentence } from './prepareVerdict'
import type { ShownMoment } from './useMoment'

interface KeysVerdictProps {
  readonly cluster: string
  readonly shown: ShownMoment
  readonly root: UseQueryResult<Level>
  readonly prefix: string
}

/** How much there is, as of when; and the control that chooses when. */
export function KeysVerdict({ cluster, shown, root, prefix }: KeysVerdictProps) {
  const gap = useGapAt(cluster, shown.revision)
  const uncovered = root.error instanceof ApiProblem && root.error.code === 'NOT_COVERED'
  const sentence =
    root.data !== undefined && !root.isError
      ? keysSentence(root.data, prefix)
      : root.isError
        ? uncovered
          ? 'Not recorded at this moment'
          : 'The keyspace could not be read'
        : 'Keys'
  return (
    <Verdict
      {...(uncovered ? { tone: 'unknown' as const } : {})}
      sentence={sentence}
      reasons={
        <>
          <AsOf shown={shown} />
          {gap !== null && ` Read whole after a gap: ${gap.fromRevision} to ${gap.toRevision} are not recorded.`}
        </>
      }
      actions={
        <>
          <CompareWith cluster={cluster} shown={shown} prefix={prefix} />
          <MomentControl cluster={cluster} shown={shown} prefix={prefix} />
        </>
      }
    />
  )
}

/** From the moment shown to now; from the start of the range where now is shown. */
function CompareWith({ cluster, shown, prefix }: { cluster: string; shown: ShownMoment; prefix: string }) {
  const shared = useSharedSearch()
  const ends = shown.moment.kind === 'now' ? { to: 'now' } : { from: shown.at, to: 'now' }
  return (
    <LinkButton href={compareHref(cluster, { prefix, ...ends }, shared)} icon="split">
      Compare with…
    </LinkButton>
  )
}

function AsOf({ shown }: { shown: ShownMoment }) {
  const { moment, revision, writtenAt } = shown
  if (moment.kind === 'now') {
    return (
      <>
        at revision <Revision value={revision} />, now.
      </>
    )
  }
  const time = moment.kind === 'time' ? new Date(moment.ms).toISOString() : writtenAt
  return (
    <>
      as it was
      {revision !== null && (
        <>
          {' '}
          at revision <Revision value={revision} />
        </>
      )}
      {time !== null && (
        <>
          {revision !== null && moment.kind === 'revision' ? ', written ' : ' at '}
          <Time value={time} />
        </>
      )}
      .
    </>
  )
}

function useGapAt(cluster: string, revision: string | null) {
  const known = useCluster(cluster).data
  return known === undefined ? null : gapAt(known, revision)
}
