'use client'

import { useEffect, useState } from 'react'
import { type AlertMeasure, alertExpression, alertState, changeGroup } from '../../../../../../lib/contract'
import { useMetrics } from '../../../../../_client/queries'
import { Segmented } from '../../../../../_ui/Segmented'
import { Select } from '../../../../../_ui/Select'
import { emptyMeasure, listOf } from './draft'
import { type FieldProps, InlineText } from './fields'
import { stateWords } from './measureWords'

const kinds = [
  { value: 'metric', label: 'A metric' },
  { value: 'changes', label: 'Changes' },
  { value: 'state', label: 'A state' },
  { value: 'expression', label: 'An expression' },
] as const

const windows = [60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 14_400_000, 86_400_000, 604_800_000]
const minutes = (ms: number) =>
  ms < 3_600_000 ? `${ms / 60_000} min` : ms < 86_400_000 ? `${ms / 3_600_000} h` : `${ms / 86_400_000} d`

type Of<K extends AlertMeasure['kind']> = Extract<AlertMeasure, { kind: K }>

/** "When WAL fsync p99 of each member over 5 min …" */
export function MeasureFields({ cluster, draft, change }: FieldProps & { cluster: string }) {
  const { measure } = draft
  const set = (next: AlertMeasure) => change({ measure: next })
  return (
    <>
      <div className="rule-line">
        When
        <Segmented
          label="What is measured"
          value={measure.kind}
          options={kinds}
          onChange={(kind) => set(emptyMeasure(kind))}
        />
        {measure.kind === 'metric' && <MetricFields cluster={cluster} measure={measure} set={set} />}
        {measure.kind === 'state' && <StateFields measure={measure} set={set} />}
        {measure.kind === 'changes' && <ChangeFields measure={measure} set={set} />}
      </div>
      {measure.kind === 'expression' && <ExpressionField measure={measure} set={set} />}
    </>
  )
}

/** "over 5 min" */
function OverWindow({ valueMs, onChange }: { valueMs: number; onChange: (windowMs: number) => void }) {
  const offered = windows.includes(valueMs) ? windows : [...windows, valueMs].sort((a, b) => a - b)
  return (
    <>
      over
      <Select
        label="Window"
        value={String(valueMs)}
        options={offered.map((ms) => ({ value: String(ms), label: minutes(ms) }))}
        onChange={(next) => onChange(Number(next))}
      />
    </>
  )
}

const aggregations = ['last', 'avg', 'min', 'max', 'rate', 'increase', 'delta', 'p50', 'p90', 'p99'] as const
const acrossOptions = [
  { value: 'each', label: 'each series' },
  { value: 'max', label: 'the highest of all' },
  { value: 'min', label: 'the lowest of all' },
  { value: 'sum', label: 'the sum of all' },
  { value: 'avg', label: 'the mean of all' },
] as const

function MetricFields({
  cluster,
  measure,
  set,
}: {
  cluster: string
  measure: Of<'metric'>
  set: (next: AlertMeasure) => void
}) {
  const metrics = useMetrics(cluster)
  return (
    <>
      <InlineText
        label="Metric"
        value={measure.metric}
        widthCh={38}
        suggestions={metrics.data?.map(({ name }) => name)}
        onChange={(metric) => set({ ...measure, metric })}
      />
      <Select
        label="Aggregation over the window"
        value={measure.agg}
        options={aggregations.map((value) => ({ value, label: value }))}
        onChange={(agg) => set({ ...measure, agg })}
      />
      {measure.agg !== 'last' && (
        <OverWindow valueMs={measure.windowMs} onChange={(windowMs) => set({ ...measure, windowMs })} />
      )}
      of
      <Select
        label="Across series"
        value={measure.across}
        options={acrossOptions}
        onChange={(across) => set({ ...measure, across })}
      />
    </>
  )
}

function StateFields({ measure, set }: { measure: Of<'state'>; set: (next: AlertMeasure) => void }) {
  return (
    <>
      <Select
        label="State"
        value={measure.state}
        options={alertState.options.map((value) => ({ value, label: stateWords[value] }))}
        onChange={(state) => set({ ...measure, state })}
      />
      {measure.windowMs !== undefined && (
        <OverWindow valueMs={measure.windowMs} onChange={(windowMs) => set({ ...measure, windowMs })} />
      )}
    </>
  )
}

const groupings = [
  { value: 'none', label: 'all together' },
  { value: 'resource,namespace,name', label: 'each object' },
  { value: 'namespace', label: 'each namespace' },
  { value: 'resource', label: 'each resource' },
  { value: 'manager', label: 'each manager' },
  { value: 'key', label: 'each key' },
]

/** Which changes are one alert. A grouping that only a file can write is shown as it is. */
function GroupSelect({ by, onChange }: { by: Of<'changes'>['by']; onChange: (by: Of<'changes'>['by']) => void }) {
  const value = by.length === 0 ? 'none' : by.join(',')
  const options = groupings.some((one) => one.value === value)
    ? groupings
    : [...groupings, { value, label: `each ${by.join(', ')}` }]
  return (
    <Select
      label="Which changes are one alert"
      value={value}
      options={options}
      onChange={(next) => onChange(changeGroup.array().parse(next === 'none' ? [] : next.split(',')))}
    />
  )
}

function ChangeFields({ measure, set }: { measure: Of<'changes'>; set: (next: AlertMeasure) => void }) {
  const { where } = measure
  const select = (part: Partial<typeof where>) => {
    const next = Object.entries({ ...where, ...part }).filter(([, value]) => value !== undefined && value !== '')
    set({ ...measure, where: Object.fromEntries(next) })
  }
  return (
    <>
      of
      <InlineText
        label="Resources, with commas"
        placeholder="any resource"
        widthCh={18}
        value={(where.resources ?? []).join(', ')}
        onChange={(text) => select({ resources: listOf(text) })}
      />
      in
      <InlineText
        label="Namespaces, with commas"
        placeholder="any namespace"
        widthCh={14}
        value={(where.namespaces ?? []).join(', ')}
        onChange={(text) => select({ namespaces: listOf(text) })}
      />
      named
      <InlineText
        label="Object name"
        placeholder="any name"
        widthCh={14}
        value={where.name ?? ''}
        onChange={(name) => select({ name })}
      />
      by
      <InlineText
        label="Managers, with commas"
        placeholder="anyone"
        widthCh={14}
        value={(where.managers ?? []).join(', ')}
        onChange={(text) => select({ managers: listOf(text) })}
      />
      in the field
      <InlineText
        label="Path of a field"
        placeholder="any"
        widthCh={14}
        value={where.path ?? ''}
        onChange={(path) => select({ path })}
      />
      <OverWindow valueMs={measure.windowMs} onChange={(windowMs) => set({ ...measure, windowMs })} />
      counted
      <GroupSelect by={measure.by} onChange={(by) => set({ ...measure, by })} />
    </>
  )
}

/** The whole language, as JSON. What cannot be read stays in the field with its reason and changes nothing. */
function ExpressionField({ measure, set }: { measure: Of<'expression'>; set: (next: AlertMeasure) => void }) {
  const [text, setText] = useState(() => JSON.stringify(measure.expression, null, 2))
  const [problem, setProblem] = useState<string | null>(null)
  const stored = JSON.stringify(measure.expression)
  // Discarding brings the original back; what is typed is left as it was typed.
  useEffect(() => {
    setText((shown) => (readExpression(shown).json === stored ? shown : JSON.stringify(JSON.parse(stored), null, 2)))
    setProblem(null)
  }, [stored])
  return (
    <div className="rule-expression">
      <textarea
        className="mono"
        aria-label="Expression, as JSON"
        aria-invalid={problem !== null}
        rows={Math.min(18, text.split('\n').length + 1)}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          const read = readExpression(event.target.value)
          setProblem(read.problem)
          if (read.expression !== null) set({ kind: 'expression', expression: read.expression })
        }}
      />
      {problem !== null && (
        <p className="form-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}

function readExpression(text: string) {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { expression: null, json: null, problem: 'This is not JSON yet' }
  }
  const parsed = alertExpression.safeParse(json)
  if (parsed.success) return { expression: parsed.data, json: JSON.stringify(parsed.data), problem: null }
  const issue = parsed.error.issues[0]
  return {
    expression: null,
    json: null,
    problem: `${issue?.path.join('.') || 'The expression'}: ${issue?.message ?? ''}`,
  }
}
