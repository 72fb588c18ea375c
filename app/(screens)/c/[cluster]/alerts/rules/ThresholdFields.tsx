'use client'

import { useEffect, useState } from 'react'
import { comparison, severity } from '../../../../../../lib/contract'
import { formatDuration } from '../../../../../_client/format'
import { durationMs } from '../../../../../_client/urlState'
import { Button, IconButton } from '../../../../../_ui/Button'
import { Select } from '../../../../../_ui/Select'
import { freeSeverity } from './draft'
import { type FieldProps, InlineText } from './fields'
import { figureText, parseFigure } from './figure'

const comparisonWords = { '>': 'above', '>=': 'at least', '<': 'below', '<=': 'at most', '==': 'exactly', '!=': 'not' }

/** "is above 500 ms for 10 min then open warning", a line a severity. */
export function ThresholdFields({ draft, change, wrong, unit, readOnly }: FieldProps & { unit: string }) {
  const { thresholds } = draft
  const free = freeSeverity(draft)
  const set = (index: number, part: Partial<(typeof thresholds)[number]>) =>
    change({ thresholds: thresholds.map((one, at) => (at === index ? { ...one, ...part } : one)) })
  return thresholds.map((threshold, index) => (
    <div key={index} className="rule-line">
      {index === 0 ? 'is' : 'or is'}
      <Select
        label="Comparison"
        value={draft.comparison}
        options={comparison.options.map((value) => ({ value, label: comparisonWords[value] }))}
        onChange={(next) => change({ comparison: next })}
      />
      <Read
        label="Threshold"
        value={threshold.value}
        textOf={(value) => figureText(value, unit)}
        read={(text) => parseFigure(text, unit)}
        wrong={wrong === `thresholds.${index}.value`}
        onChange={(value) => set(index, { value })}
      />
      for
      <Read
        label="How long it must hold"
        value={threshold.forMs}
        textOf={holdText}
        read={readHold}
        wrong={wrong === `thresholds.${index}.forMs`}
        onChange={(forMs) => set(index, { forMs })}
      />
      then open
      <Select
        label="Severity"
        value={threshold.severity}
        options={severity.options.map((value) => ({ value, label: value }))}
        onChange={(next) => set(index, { severity: next })}
      />
      {index > 0 && !readOnly && (
        <IconButton
          icon="x"
          label={`Remove the threshold for ${threshold.severity}`}
          onClick={() => change({ thresholds: thresholds.filter((_one, at) => at !== index) })}
        />
      )}
      {index === thresholds.length - 1 && free !== null && !readOnly && (
        <Button
          icon="plus"
          onClick={() =>
            change({ thresholds: [...thresholds, { ...threshold, severity: free, value: threshold.value * 2 }] })
          }
        >
          {free}
        </Button>
      )}
    </div>
  ))
}

function holdText(ms: number): string {
  return ms === 0 ? '0 s' : formatDuration(ms)
}

/** "10 min", "1 h 30 min", "90s", "0". */
function readHold(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+)\s*(min|ms|s|m|h|d|days?)?\s*/gi)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.trim()) return null
  let total = 0
  for (const [, figure = '', unit = 's'] of parts) {
    const short = { min: 'm', day: 'd', days: 'd' }[unit.toLowerCase()] ?? unit.toLowerCase()
    const ms = Number(figure) === 0 ? 0 : durationMs(`${figure}${short}`)
    if (ms === null) return null
    total += ms
  }
  return total
}

interface ReadProps {
  readonly label: string
  readonly value: number
  readonly textOf: (value: number) => string
  readonly read: (text: string) => number | null
  readonly wrong: boolean
  readonly onChange: (value: number) => void
}

/** A text that is a figure once it can be read; until then it stays as typed and changes nothing. */
function Read({ label, value, textOf, read, wrong, onChange }: ReadProps) {
  const [text, setText] = useState(() => textOf(value))
  const written = textOf(value)
  useEffect(() => {
    setText((typed) => (read(typed) === value ? typed : written))
  }, [value, written])
  const isRead = read(text) !== null
  return (
    <InlineText
      label={label}
      value={text}
      widthCh={10}
      wrong={wrong || !isRead}
      onChange={(next) => {
        setText(next)
        const figure = read(next)
        if (figure !== null) onChange(figure)
      }}
    />
  )
}
