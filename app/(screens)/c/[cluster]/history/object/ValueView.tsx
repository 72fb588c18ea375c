'use client'

import { useMemo } from 'react'
import type { Change } from '../../../../../../lib/contract'
import { useValue } from '../../../../../_client/queries'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { Button } from '../../../../../_ui/Button'
import { Bytes } from '../../../../../_ui/Figures'
import { SecretEntries } from '../../../../../_ui/SecretEntries'
import { Segmented } from '../../../../../_ui/Segmented'
import { EmptyState, queryState } from '../../../../../_ui/States'
import { keyParams, type NamedKey } from '../changeId'
import { CodeText } from './CodeText'
import { cutLine, formsOf, isCut, shownLines, type ValueForm, valueText } from './prepareValue'
import { VirtualLines } from './VirtualLines'

interface ValueViewProps {
  readonly cluster: string
  readonly named: NamedKey
  readonly version: Change | null
  /** As the diff prints it. */
  readonly printed: string
}

const labels: Readonly<Record<ValueForm, string>> = { yaml: 'YAML', json: 'JSON', text: 'Text', hex: 'Hex' }

/** One version as it is stored, in each form that makes sense for it. */
export function ValueView({ cluster, named, version, printed }: ValueViewProps) {
  const gone = version === null || version.op === 'delete'
  const query = useValue(
    cluster,
    { ...keyParams(named), at: version?.revision ?? 'now', epoch: version?.epoch },
    { enabled: !gone },
  )
  const [asked, setAsked] = useUrlParam('form')
  const value = gone ? undefined : query.data
  const forms = value === undefined ? [] : formsOf(value)
  const form = forms.find((one) => one === asked) ?? forms[0] ?? 'text'
  const text = useMemo(
    () => (value === undefined || value.redacted !== null ? '' : valueText(value, form, printed)),
    [value, form, printed],
  )
  const shown = useMemo(
    () => shownLines(text, value?.truncated === true || (form === 'yaml' && isCut(text))),
    [text, form, value?.truncated],
  )
  if (gone) return <EmptyState title="The key was deleted here">The version before it still has its value.</EmptyState>
  const state = queryState(query, { failed: 'The value could not be read' })
  if (state !== null || value === undefined) return state
  if (value.redacted !== null) {
    return (
      <>
        <EmptyState title="Redacted">
          <Bytes value={value.redacted.valueBytes} />, fingerprint{' '}
          <code>{value.redacted.fingerprint.slice(0, 16)}</code>. {value.note}
        </EmptyState>
        {value.redacted.entries !== null && <SecretEntries entries={value.redacted.entries} />}
      </>
    )
  }
  return (
    <div className="value-view">
      <div className="value-tools">
        <Segmented
          label="Form"
          value={form}
          options={forms.map((one) => ({ value: one, label: labels[one] }))}
          onChange={(next) => setAsked(next === forms[0] ? null : next, 'replace')}
        />
        <small>
          <Bytes value={value.valueBytes} />, {value.encoding}
          {value.leaseId !== null && `, lease ${value.leaseId}`}
        </small>
        <Button icon="copy" onClick={() => void navigator.clipboard.writeText(text)}>
          Copy
        </Button>
      </div>
      {value.note !== null && <p className="diff-note">{value.note}</p>}
      {shown.cut !== null && <p className="diff-note">{shown.cut}</p>}
      {shown.lines.length === 0 ? (
        <EmptyState title="The value is empty" />
      ) : (
        <div className="diff" data-split="false" data-value={form}>
          <VirtualLines count={shown.lines.length} linePx={20} label="Lines of the value">
            {(index) => {
              const line = cutLine(shown.lines[index] ?? '')
              return (
                <div className="diff-row">
                  {form !== 'hex' && <i>{index + 1}</i>}
                  <code>{form === 'yaml' ? <CodeText text={line} /> : line}</code>
                </div>
              )
            }}
          </VirtualLines>
        </div>
      )}
    </div>
  )
}
