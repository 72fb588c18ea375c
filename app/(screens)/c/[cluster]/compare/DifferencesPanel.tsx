'use client'

import { useRouter } from 'next/navigation'
import { ApiProblem } from '../../../../_client/apiProblem'
import { formatCount, plural } from '../../../../_client/format'
import { useCluster } from '../../../../_client/queries'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { Button } from '../../../../_ui/Button'
import { DataTable } from '../../../../_ui/DataTable'
import { Panel } from '../../../../_ui/Panel'
import { EmptyState, FailedState, LoadingState, StaleNote } from '../../../../_ui/States'
import { momentLabel, nearestMoment } from '../keys/prepareMoment'
import type { ShownMoment } from '../keys/useMoment'
import { ThinnedNote } from '../ThinnedNote'
import { compareColumns } from './compareColumns'
import { itemHref, itemId } from './prepareCompare'
import type { Comparison } from './useComparison'

interface DifferencesPanelProps {
  readonly cluster: string
  readonly comparison: Comparison
  readonly from: ShownMoment
  readonly to: ShownMoment
  readonly prefix: string
  readonly onNoise: (on: boolean) => void
}

/** One row a key that differs, in key order; a row opens the key's versions at the two revisions. */
export function DifferencesPanel(props: DifferencesPanelProps) {
  const { cluster, comparison, prefix, onNoise } = props
  const { query, items, shown, more } = comparison
  const router = useRouter()
  const shared = useSharedSearch()
  const newest = useCluster(cluster).data?.epoch ?? 1
  const first = query.data?.pages[0]
  const epochs = { from: first?.from.epoch ?? newest, to: first?.to.epoch ?? newest, newest }
  const hidden = items.length - shown.length
  return (
    <Panel
      title="Differences"
      {...(query.isPlaceholderData ? { note: <StaleNote>of the moments before, reading</StaleNote> } : {})}
      flush
      {...(first === undefined || query.isError
        ? {}
        : { foot: <Foot cluster={cluster} comparison={comparison} hidden={hidden} /> })}
    >
      <Problem {...props} />
      {!query.isError && first === undefined && <LoadingState />}
      {!query.isError && first !== undefined && shown.length > 0 && (
        <DataTable
          id="differences"
          label="Differences in key order"
          rows={shown}
          columns={compareColumns}
          rowKey={itemId}
          onOpen={(item) => router.push(itemHref(cluster, item, epochs, shared))}
          onEnd={() => {
            if (more && !query.isFetching) void query.fetchNextPage()
          }}
        />
      )}
      {!query.isError && first !== undefined && shown.length === 0 && !more && (
        <EmptyState
          title={hidden === 0 ? 'The two moments hold the same' : 'Only heartbeats and status differ'}
          {...(hidden === 0 ? {} : { action: { label: 'Show them', onAct: () => onNoise(true) } })}
        >
          {hidden === 0
            ? `${prefix === '' ? 'Every key' : `Every key under ${prefix}`} has equal content at both, whatever happened in between.`
            : `${plural(hidden, 'difference')} without meaning for the configuration.`}
        </EmptyState>
      )}
    </Panel>
  )
}

/** Why there is no answer, and for a moment that is not recorded the way to the nearest that is. */
function Problem({ cluster, comparison: { query }, from, to }: DifferencesPanelProps) {
  const epoch = useCluster(cluster).data?.epoch ?? null
  const { error } = query
  if (!query.isError) return null
  if (!(error instanceof ApiProblem) || error.code !== 'NOT_COVERED') {
    return (
      <FailedState title="The two moments could not be compared" error={error} onRetry={() => void query.refetch()} />
    )
  }
  const [end, word] = error.parameter === 'to' ? [to, 'To'] : [from, 'From']
  const nearest = nearestMoment(end.moment, error.nearest, epoch)
  return (
    <EmptyState
      title={`${word} is not recorded`}
      {...(nearest === null
        ? {}
        : {
            action: {
              label: `Use the nearest recorded moment: ${momentLabel(nearest, Date.now()).toLowerCase()}`,
              onAct: () => end.set(nearest),
            },
          })}
    >
      {error.detail}
    </EmptyState>
  )
}

function Foot({
  cluster,
  comparison: { query, items, more },
  hidden,
}: {
  cluster: string
  comparison: Comparison
  hidden: number
}) {
  return (
    <>
      <span>
        {more ? `${plural(items.length, 'difference')} read, more follow on scrolling` : 'All differences'}
        {hidden > 0 && `, ${formatCount(hidden)} heartbeat and status hidden`}
      </span>
      <ThinnedNote cluster={cluster} />
      {more && (
        <Button disabled={query.isFetching} onClick={() => void query.fetchNextPage()}>
          Read on
        </Button>
      )}
    </>
  )
}
