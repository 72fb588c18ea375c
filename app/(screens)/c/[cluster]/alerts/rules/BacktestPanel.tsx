'use client'

import { useEffect, useMemo } from 'react'
import type { AlertRuleInput, LeaderChange } from '../../../../../../lib/contract'
import { ChartScope } from '../../../../../_charts/ChartScope'
import { leaderMarks } from '../../../../../_charts/prepareMarks'
import { TimeChart } from '../../../../../_charts/TimeChart'
import { useSame } from '../../../../../_charts/useSame'
import { useBacktest, useLeaderChanges } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { Segmented } from '../../../../../_ui/Segmented'
import { queryState, StaleNote } from '../../../../../_ui/States'
import { FiringsTable } from './FiringsTable'
import { figureText } from './figure'
import { OtherThresholds } from './OtherThresholds'
import {
  backtestQuestion,
  backtestSeries,
  backtestWords,
  firingBands,
  firingRows,
  type Lookback,
  lookbackSpan,
  lookbacks,
} from './prepareBacktest'

interface BacktestPanelProps {
  readonly cluster: string
  readonly rule: AlertRuleInput
  readonly unit: string
  readonly onUnit: (unit: string) => void
  /** Null where the rule cannot be changed. */
  readonly onThreshold: ((index: number, value: number) => void) | null
}

const noChanges: readonly LeaderChange[] = []

/** "Would have fired 3 times in the last 7 days": drawn on what was measured, with the threshold to drag. */
export function BacktestPanel({ cluster, rule, unit, onUnit, onThreshold }: BacktestPanelProps) {
  const { nowMs } = useRange()
  const [chosen, choose] = useUrlParam('back')
  const lookback: Lookback = lookbacks.find((one) => one === chosen) ?? '24h'
  const span = useSame(lookbackSpan(lookback, nowMs))
  const query = useBacktest(backtestQuestion(rule, cluster, span))
  const answer = query.data
  const changes = useLeaderChanges(cluster, { from: String(span.fromMs), to: String(span.toMs) }).data ?? noChanges
  const marks = useMemo(() => leaderMarks(changes), [changes])
  const below = rule.comparison === '<' || rule.comparison === '<='
  const series = useMemo(() => backtestSeries(answer, below), [answer, below])
  const bands = useMemo(() => firingBands(answer, span), [answer, span])
  useEffect(() => {
    if (answer !== undefined && answer.unit !== unit) onUnit(answer.unit)
  }, [answer, unit, onUnit])
  const words = answer === undefined ? null : backtestWords(answer, lookback)
  const old = query.isFetching || query.isError
  return (
    <>
      <div className="backtest-head">
        <div>
          <b>{words?.sentence ?? 'What it would have done'}</b>
          <span className="dim">{words?.note ?? ''}</span>
          {query.isError && answer !== undefined && (
            <StaleNote>as before the last edit: {query.error.message}</StaleNote>
          )}
        </div>
        <Segmented
          label="How far back"
          value={lookback}
          options={lookbacks.map((value) => ({ value, label: value }))}
          onChange={choose}
        />
      </div>
      <div className="backtest-chart">
        <ChartScope cluster={cluster} span={span} marks={marks}>
          <TimeChart
            label="What the rule measures, with its thresholds and the times at which it would have fired"
            kind="line"
            unit={unit}
            series={series}
            heightPx={300}
            bands={bands}
            stale={old && answer !== undefined}
            thresholds={rule.thresholds.map(({ severity, value }, index) => ({
              value,
              label: figureText(value, unit),
              severity: severity === 'critical' ? 'critical' : 'warn',
              ...(onThreshold === null ? {} : { onMove: (next: number) => onThreshold(index, next) }),
            }))}
            state={queryState(query, {
              plot: true,
              failed: 'The rule could not be tried',
              isEmpty: series.every(({ points }) => points.every(([, value]) => value === null)),
              empty: { title: 'Nothing was measured in this time', children: 'Another range may hold some.' },
            })}
          />
        </ChartScope>
      </div>
      {answer !== undefined && (
        <div className="backtest-foot">
          <FiringsTable rows={firingRows(answer, changes)} unit={unit} cluster={cluster} />
          <OtherThresholds
            rows={answer.atThresholds}
            present={rule.thresholds[0]?.value ?? null}
            unit={unit}
            onChoose={onThreshold === null ? null : (value) => onThreshold(0, value)}
          />
        </div>
      )}
    </>
  )
}
