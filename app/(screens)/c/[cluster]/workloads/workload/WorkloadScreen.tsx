'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import type { WorkloadAnswer } from '../../../../../../lib/contract'
import type { WorkloadName } from '../../../../../_client/api'
import { ApiProblem } from '../../../../../_client/apiProblem'
import { useRange } from '../../../../../_client/range'
import { useSharedSearch, useUrlParam } from '../../../../../_client/useUrlState'
import { useWorkload } from '../../../../../_client/workloadQueries'
import { LinkButton } from '../../../../../_ui/Button'
import { Icon } from '../../../../../_ui/Icon'
import { queryState, StaleNote, UnknownState } from '../../../../../_ui/States'
import { Verdict } from '../../../../../_ui/Verdict'
import { objectHref } from '../../history/object/objectHref'
import { DerivedNote } from '../DerivedNote'
import { isNotCovered, NotCovered } from '../NotCovered'
import { useEnd } from '../useEnd'
import { ConfigPanel } from './ConfigPanel'
import { EventsPanel } from './EventsPanel'
import { InsightsPanel } from './InsightsPanel'
import { OwnershipPanel } from './OwnershipPanel'
import { workloadVerdict } from './prepareVerdict'
import { ReplicasPanel } from './ReplicasPanel'
import { RolloutCard } from './RolloutCard'
import { RolloutsPanel } from './RolloutsPanel'
import { AutoscalerPanel, VolumesPanel } from './ScalingPanels'
import { ServicesPanel } from './ServicesPanel'
import { StatusPanel } from './StatusPanel'
import '../workloads.css'
import './workload.css'

interface WorkloadScreenProps {
  readonly cluster: string
  readonly which: WorkloadName
}

/** One workload: desired against actual over time, its pods, rollouts, Services and configuration. */
export function WorkloadScreen({ cluster, which }: WorkloadScreenProps) {
  const { params } = useRange()
  const query = useWorkload(cluster, which, params)
  if (query.data === undefined) {
    return (
      <div className="stack workload">
        <Crumb cluster={cluster} which={which} />
        <div className="panel">
          {isNotCovered(query.error) ? (
            <NotCovered problem={query.error} />
          ) : query.error instanceof ApiProblem && query.error.status === 404 ? (
            <UnknownState title="No such workload is recorded">{query.error.detail}</UnknownState>
          ) : (
            queryState(query, { failed: 'The workload could not be read' })
          )}
        </div>
      </div>
    )
  }
  return <OfAnswer cluster={cluster} which={which} answer={query.data} stale={query.isError} />
}

/** What runs once, or only starts others, is never rolled out. */
const withoutRollouts = ['Pod', 'Job', 'CronJob']

interface OfAnswerProps extends WorkloadScreenProps {
  readonly answer: WorkloadAnswer
  readonly stale: boolean
}

function OfAnswer({ cluster, which, answer, stale }: OfAnswerProps) {
  const { nowMs } = useRange()
  const { endMs, live } = useEnd()
  const [selected, select] = useUrlParam('rollout')
  const shared = useSharedSearch()
  const { current } = answer
  const verdict = workloadVerdict({ answer, endMs, live, nowMs })
  const chosen = answer.rollouts.find(({ generation }) => generation === selected)
  const shares = { cluster, answer, endMs, selected, onSelect: select }
  return (
    <div className="stack workload">
      <Crumb cluster={cluster} which={{ ...which, kind: answer.kind }}>
        <DerivedNote through={answer.derivedThrough} revision={answer.revision} />
        {stale && <StaleNote>old: it could not be read again</StaleNote>}
        <span className="workload-links">
          <LinkButton icon="history" href={objectHref(cluster, { key: answer.key }, {}, shared)}>
            History of the object
          </LinkButton>
        </span>
      </Crumb>
      <Verdict
        tone={verdict.tone}
        sentence={verdict.sentence}
        reasons={verdict.reasons === '' ? undefined : verdict.reasons}
      />
      <div className="workload-parts">
        <div className="stack">
          <ReplicasPanel {...shares} />
          {!withoutRollouts.includes(answer.kind) && <RolloutsPanel {...shares} />}
          <EventsPanel cluster={cluster} events={answer.events} endMs={endMs} />
          <OwnershipPanel cluster={cluster} answer={answer} />
        </div>
        <div className="stack">
          {chosen !== undefined && (
            <RolloutCard {...{ cluster, answer, endMs }} rollout={chosen} onClose={() => select(null)} />
          )}
          {current !== null && <InsightsPanel cluster={cluster} insights={current.insights} />}
          {answer.services.length > 0 && <ServicesPanel cluster={cluster} services={answer.services} endMs={endMs} />}
          {answer.config.length > 0 && <ConfigPanel cluster={cluster} config={answer.config} />}
          {answer.autoscaler !== null && <AutoscalerPanel cluster={cluster} autoscaler={answer.autoscaler} />}
          {answer.volumes.length > 0 && <VolumesPanel cluster={cluster} volumes={answer.volumes} />}
          {current !== null && <StatusPanel cluster={cluster} item={current} endMs={endMs} />}
        </div>
      </div>
    </div>
  )
}

interface CrumbProps extends WorkloadScreenProps {
  readonly children?: ReactNode
}

function Crumb({ cluster, which, children }: CrumbProps) {
  const shared = useSharedSearch()
  return (
    <div className="workload-crumb">
      <Link className="link" href={`/c/${encodeURIComponent(cluster)}/workloads${shared}`}>
        All workloads
      </Link>
      <Icon name="right" size={12} />
      <h2>
        <span className="mid">{which.kind} </span>
        {which.namespace === null ? which.name : `${which.namespace}/${which.name}`}
      </h2>
      {children}
    </div>
  )
}
