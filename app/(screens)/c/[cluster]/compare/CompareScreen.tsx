'use client'

import { useCluster } from '../../../../_client/queries'
import { useUrlParam } from '../../../../_client/useUrlState'
import { EmptyState, LoadingState } from '../../../../_ui/States'
import { momentAt } from '../keys/prepareMoment'
import { useMoment } from '../keys/useMoment'
import { CompareEnds } from './CompareEnds'
import { CompareVerdict } from './CompareVerdict'
import { DifferencesPanel } from './DifferencesPanel'
import { useComparison, useFirstMoments } from './useComparison'
import '../history/history.css'
import '../keys/keys.css'
import './compare.css'

/** What differs under a prefix between two moments of the record: one row a key, each leading to its diff. */
export function CompareScreen({ cluster }: { cluster: string }) {
  const known = useCluster(cluster)
  useFirstMoments(cluster)
  const [fromParam] = useUrlParam('from')
  const [prefix, setPrefix] = useUrlParam('prefix')
  const [noise, setNoise] = useUrlParam('noise')
  const from = useMoment(cluster, 'from')
  const to = useMoment(cluster, 'to')
  const comparison = useComparison(cluster, {
    prefix: prefix ?? '',
    from: fromParam === null ? '' : momentAt(from.moment),
    to: momentAt(to.moment),
    noise: noise === '1',
  })
  const onNoise = (on: boolean) => setNoise(on ? '1' : null)
  if (known.unknown) {
    return <EmptyState title={`No cluster named ${cluster} is watched`}>The switcher lists those that are.</EmptyState>
  }
  return (
    <div className="stack history">
      <CompareVerdict comparison={comparison} />
      {fromParam === null ? (
        <LoadingState />
      ) : (
        <>
          <CompareEnds
            cluster={cluster}
            from={from}
            to={to}
            prefix={prefix ?? ''}
            onPrefix={(next, entry) => setPrefix(next === '' ? null : next, entry)}
            noise={noise === '1'}
            onNoise={onNoise}
            hidden={comparison.items.length - comparison.shown.length}
          />
          <DifferencesPanel
            cluster={cluster}
            comparison={comparison}
            from={from}
            to={to}
            prefix={prefix ?? ''}
            onNoise={onNoise}
          />
        </>
      )}
    </div>
  )
}
