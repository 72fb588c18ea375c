'use client'

import { useCluster } from '../../../../_client/queries'
import { Revision, Time } from '../../../../_ui/Figures'
import { EmptyState, LoadingState } from '../../../../_ui/States'
import { Verdict } from '../../../../_ui/Verdict'
import { CoveragePanel } from './CoveragePanel'
import { ProofPanel } from './ProofPanel'
import { recordSentence } from './prepareRecord'
import './record.css'

/** What is recorded, what is not and why, and the proof that it was not altered. */
export function RecordScreen({ cluster: name }: { cluster: string }) {
  const { data: cluster, unknown } = useCluster(name)
  if (unknown) {
    return <EmptyState title={`No cluster named ${name} is watched`}>The switcher lists those that are.</EmptyState>
  }
  if (cluster === undefined) return <LoadingState />
  const { tone, sentence } = recordSentence(cluster)
  const [oldest] = cluster.coverage
  return (
    <div className="stack">
      <Verdict
        tone={tone}
        sentence={sentence}
        reasons={
          oldest === undefined ? undefined : (
            <>
              Revision <Revision value={oldest.fromRevision} /> to <Revision value={cluster.storedRevision} />
              {cluster.firstTime !== null && (
                <>
                  , since <Time value={cluster.firstTime} as="moment" />
                </>
              )}
              .
            </>
          )
        }
      />
      <ProofPanel cluster={name} />
      <CoveragePanel cluster={cluster} />
    </div>
  )
}
