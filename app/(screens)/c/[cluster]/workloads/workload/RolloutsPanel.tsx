'use client'

import Link from 'next/link'
import { Fragment, useMemo } from 'react'
import type { Rollout, WorkloadAnswer } from '../../../../../../lib/contract'
import { formatDuration } from '../../../../../_client/format'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { type Column, DataTable } from '../../../../../_ui/DataTable'
import { Time } from '../../../../../_ui/Figures'
import { Panel } from '../../../../../_ui/Panel'
import { EmptyState } from '../../../../../_ui/States'
import { Status } from '../../../../../_ui/StatusMark'
import { objectHref } from '../../history/object/objectHref'
import { outcomeWords } from '../workloadWords'
import {
  compareWords,
  convergedWords,
  failureWords,
  type RolloutBar,
  rolloutBar,
  rolloutTone,
  tookMs,
} from './prepareRollouts'

interface RolloutsPanelProps {
  readonly cluster: string
  readonly answer: WorkloadAnswer
  readonly endMs: number
  readonly selected: string | null
  readonly onSelect: (generation: string | null) => void
}

/** Each change of generation in the range, how long it took against earlier ones, and what became of it. */
export function RolloutsPanel({ cluster, answer, endMs, selected, onSelect }: RolloutsPanelProps) {
  const { rollouts, converge, key } = answer
  const columns = useMemo(() => rolloutColumns({ cluster, key, rollouts, endMs }), [cluster, key, rollouts, endMs])
  return (
    <Panel
      className="rollouts-panel"
      title="Rollouts"
      note={`${rollouts.length} in this range; ${convergedWords(converge)}`}
      flush
    >
      {rollouts.length === 0 ? (
        <EmptyState title="No rollout in this range">A longer range shows earlier ones.</EmptyState>
      ) : (
        <DataTable
          id="rollouts"
          label="Rollouts, newest first"
          rows={rollouts}
          columns={columns}
          rowKey={generationOf}
          selectedKey={selected}
          twoLines
          maxHeightPx={540}
          onOpen={({ generation }) => onSelect(generation === selected ? null : generation)}
        />
      )}
    </Panel>
  )
}

const generationOf = ({ generation }: Rollout) => generation

interface ColumnsInput {
  readonly cluster: string
  readonly key: string
  readonly rollouts: readonly Rollout[]
  readonly endMs: number
}

function rolloutColumns({ cluster, key, rollouts, endMs }: ColumnsInput): readonly Column<Rollout>[] {
  const longestMs = Math.max(0, ...rollouts.map((rollout) => tookMs(rollout, endMs)))
  return [
    {
      id: 'generation',
      head: 'Gen.',
      cell: (rollout) => <b>{rollout.generation}</b>,
      text: generationOf,
      sort: ({ generation }) => Number(generation),
      align: 'end',
      width: '58px',
    },
    {
      id: 'started',
      head: 'Started',
      cell: ({ startedAt }) => <Time value={startedAt} nowMs={endMs} />,
      text: ({ startedAt }) => startedAt,
      sort: ({ startedAt }) => Date.parse(startedAt),
      width: '96px',
    },
    {
      id: 'change',
      head: 'Change',
      cell: (rollout) => <ChangeCell cluster={cluster} objectKey={key} rollout={rollout} />,
      text: ({ summary }) => summary,
      width: 'minmax(120px, 1.7fr)',
    },
    {
      id: 'took',
      head: 'Took, usual marked',
      cell: (rollout) => (
        <Took rollout={rollout} bar={rolloutBar(rollout, longestMs, endMs)} ms={tookMs(rollout, endMs)} />
      ),
      text: (rollout) => String(tookMs(rollout, endMs)),
      sort: (rollout) => tookMs(rollout, endMs),
      width: 'minmax(158px, 1.2fr)',
    },
    {
      id: 'outcome',
      head: 'Outcome',
      cell: (rollout) => (
        <Status tone={rolloutTone(rollout, endMs)}>
          {rollout.outcome === 'in-progress' ? 'not converged' : outcomeWords[rollout.outcome].words}
        </Status>
      ),
      text: ({ outcome }) => outcome,
      sort: ({ outcome }) => outcome,
      width: '130px',
    },
    {
      id: 'failures',
      head: 'On the way',
      cell: (rollout) => <Failures rollout={rollout} />,
      text: ({ failures }) => failures.map(({ object, reason }) => `${object} ${reason}`).join('; '),
      sort: ({ failures }) => failures.length,
      width: 'minmax(116px, 1.1fr)',
    },
    {
      id: 'pods',
      head: 'Pods replaced',
      cell: ({ podsReplaced }) => podsReplaced,
      sort: ({ podsReplaced }) => podsReplaced,
      align: 'end',
      width: '96px',
      optional: true,
    },
  ]
}

/** Leads to what the generation changed: this version against the one before. */
function ChangeCell({ cluster, objectKey, rollout }: { cluster: string; objectKey: string; rollout: Rollout }) {
  const shared = useSharedSearch()
  return (
    <>
      <Link
        className="rollout-change"
        href={objectHref(cluster, { key: objectKey }, { to: rollout.fromRevision }, shared)}
        title={`${rollout.summary}: open in History`}
      >
        {rollout.summary}
      </Link>
      <small>
        {rollout.cause}
        {rollout.manager === null ? '' : `, by ${rollout.manager}`}
      </small>
    </>
  )
}

function Took({ rollout, bar, ms }: { rollout: Rollout; bar: RolloutBar; ms: number }) {
  return (
    <>
      <span className="took">
        <span className="bar took-bar" data-tone={bar.tone} data-over={bar.over}>
          <i style={{ width: `${bar.share * 100}%` }} />
          {bar.usual !== null && <u style={{ left: `${bar.usual * 100}%` }} />}
        </span>
        <b>{formatDuration(ms)}</b>
      </span>
      <small>{compareWords(rollout) ?? 'none before it to compare with'}</small>
    </>
  )
}

function Failures({ rollout }: { rollout: Rollout }) {
  const words = failureWords(rollout)
  if (words === null) return <span className="dim">nothing failed</span>
  const [first] = rollout.failures
  return (
    <>
      <span className="tone-warn rollout-failed">
        <Breakable text={words} />
      </span>
      <small title={rollout.failures.map(({ object, reason }) => `${object}: ${reason}`).join('\n')}>
        {first?.object}
      </small>
    </>
  )
}

/** CrashLoopBackOff may go on in the next line where one of its words begins. */
function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[a-z])(?=[A-Z])/)
  return parts.map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
