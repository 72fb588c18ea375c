'use client'

import { useState } from 'react'
import { useClusters } from '../../../../../_client/queries'
import { Panel } from '../../../../../_ui/Panel'
import { Select } from '../../../../../_ui/Select'
import { listOf, pairsOf, pairsText } from './draft'
import { type FieldProps, Labelled } from './fields'

const missing = [
  { value: 'resolve', label: 'resolves the alert' },
  { value: 'keep', label: 'keeps the alert as it is' },
  { value: 'fire', label: 'counts as trouble' },
] as const
const onOff = [
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
] as const

/** Name, where it applies, what is told. */
export function DetailFields({ draft, change, readOnly, wrong }: FieldProps) {
  const clusters = useClusters()
  const [labels, setLabels] = useState(() => pairsText(draft.labels))
  const at = (field: string) => wrong === field || wrong?.startsWith(`${field}.`) === true
  const { summary = '', description = '', ...others } = draft.annotations
  const annotate = (part: Record<string, string>) => {
    const next = Object.entries({ ...draft.annotations, ...part }).filter(([, text]) => text !== '')
    change({ annotations: Object.fromEntries(next) })
  }
  return (
    <Panel
      title="What is told"
      note={Object.keys(others).length > 0 ? `also ${Object.keys(others).join(', ')}` : undefined}
    >
      <fieldset className="rule-details" disabled={readOnly}>
        <legend className="visually-hidden">Name and words of the rule</legend>
        <Labelled label="Name">
          <input
            className="text-field"
            aria-invalid={at('name')}
            value={draft.name}
            maxLength={120}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Labelled>
        <Labelled
          label="Summary"
          hint="{{ value }}, {{ threshold }}, {{ cluster }} and {{ labels.member }} are filled in"
        >
          <input
            className="text-field"
            aria-invalid={at('annotations')}
            value={summary}
            onChange={(event) => annotate({ summary: event.target.value })}
          />
        </Labelled>
        <Labelled label="Description">
          <input
            className="text-field"
            value={description}
            onChange={(event) => annotate({ description: event.target.value })}
          />
        </Labelled>
        <Labelled label="Run-book" hint="a link that the notification carries">
          <input
            className="text-field"
            type="url"
            aria-invalid={at('runbookUrl')}
            value={draft.runbookUrl ?? ''}
            onChange={(event) => change({ runbookUrl: event.target.value === '' ? null : event.target.value })}
          />
        </Labelled>
        <Labelled
          label="Clusters"
          hint={`empty: every cluster. Watched: ${(clusters.data ?? []).map(({ name }) => name).join(', ')}`}
        >
          <input
            className="text-field"
            aria-invalid={at('clusters')}
            defaultValue={draft.clusters.join(', ')}
            onChange={(event) => change({ clusters: listOf(event.target.value) ?? [] })}
          />
        </Labelled>
        <Labelled label="Told together by" hint="labels, with commas: alerts with equal values are one notification">
          <input
            className="text-field"
            aria-invalid={at('groupBy')}
            defaultValue={draft.groupBy.join(', ')}
            onChange={(event) => change({ groupBy: listOf(event.target.value) ?? [] })}
          />
        </Labelled>
        <Labelled label="Further labels" hint="name=value, a line each">
          <textarea
            className="text-field mono"
            rows={2}
            aria-invalid={at('labels')}
            value={labels}
            onChange={(event) => {
              setLabels(event.target.value)
              change({ labels: pairsOf(event.target.value) })
            }}
          />
        </Labelled>
        <div className="rule-choices">
          <span>
            Missing data
            <Select
              label="What missing data does"
              value={draft.missingData}
              options={missing}
              onChange={(missingData) => change({ missingData })}
            />
          </span>
          <span>
            Rule
            <Select
              label="Whether the rule is evaluated"
              value={draft.enabled ? 'on' : 'off'}
              options={onOff}
              onChange={(next) => change({ enabled: next === 'on' })}
            />
          </span>
        </div>
      </fieldset>
    </Panel>
  )
}
