'use client'

import { useMemo } from 'react'
import { useCluster } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { useUrlParam } from '../../../../_client/useUrlState'
import { WithSide } from '../../../../_ui/SidePanel'
import { ChangePanel } from './ChangePanel'
import { ChangesPanel } from './ChangesPanel'
import { changeIdText } from './changeId'
import { FilterBar } from './FilterBar'
import { requestParams } from './historyFilters'
import { useCensus } from './useCensus'
import { useChangeLog } from './useChangeLog'
import { useHistoryFilters } from './useHistoryFilters'
import './history.css'

/** What changed, when, and by whom: the change log of one cluster, and beside it one change in detail. */
export function HistoryScreen({ cluster }: { cluster: string }) {
  const range = useRange()
  const known = useCluster(cluster).data
  const actions = useHistoryFilters()
  const { filters } = actions
  const { from, to } = range.params
  const params = useMemo(() => ({ ...requestParams(filters), from, to }), [filters, from, to])
  const log = useChangeLog(cluster, params)
  const census = useCensus(cluster, filters, params, log.query.data)
  const [at, setAt] = useUrlParam('at')
  const newestEpoch = known?.epoch ?? 1
  return (
    <div className="stack history">
      <FilterBar cluster={cluster} actions={actions} hiddenNoise={census.hiddenNoise} />
      <WithSide
        side={
          at === null ? null : (
            <ChangePanel
              cluster={cluster}
              at={at}
              newestEpoch={newestEpoch}
              known={log.query.data?.items ?? []}
              onClose={() => setAt(null)}
            />
          )
        }
      >
        <ChangesPanel
          cluster={cluster}
          actions={actions}
          log={log}
          census={census}
          selected={at}
          newestEpoch={newestEpoch}
          onOpen={(change) => setAt(changeIdText(change, newestEpoch), at === null ? 'push' : 'replace')}
        />
      </WithSide>
    </div>
  )
}
