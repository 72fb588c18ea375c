'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { KeyName, ValueAnswer } from '../../../../_client/api'
import { useUrlParam } from '../../../../_client/useUrlState'
import { ToggleChip } from '../../../../_ui/Chip'
import { SecretEntries } from '../../../../_ui/SecretEntries'
import { Segmented } from '../../../../_ui/Segmented'
import { EmptyState, queryState } from '../../../../_ui/States'
import { CodeView } from './CodeView'
import { CopyButton } from './CopyButton'
import { HexView } from './HexView'
import { valueQuery } from './keysQueries'
import {
  decodedLines,
  decodedText,
  managersOf,
  needsRaw,
  rawBytes,
  rawCopy,
  rawLines,
  redactedSentence,
  tabOf,
  tabsOf,
  truncatedSentence,
  type ValueTab,
} from './prepareValue'

interface ValueViewProps {
  readonly cluster: string
  readonly name: KeyName
  readonly at: string
  readonly value: ValueAnswer
}

const encodingWords = {
  kubernetes: 'YAML',
  json: 'JSON',
  text: 'Text',
  encrypted: 'Encrypted',
  binary: 'Binary',
} as const
const tabWords = { decoded: 'Decoded', raw: 'Raw', hex: 'Hex' } as const

/** The value, as far as it may and can be read. */
export function ValueView(props: ValueViewProps) {
  const { value } = props
  if (value.redacted !== null) {
    return (
      <div className="value-body">
        <p className="value-redacted" title={value.redacted.fingerprint}>
          {redactedSentence(value.redacted)}
        </p>
        {value.note !== null && <p className="mid value-note">{value.note}</p>}
        {value.redacted.entries !== null && <SecretEntries entries={value.redacted.entries} />}
      </div>
    )
  }
  if (value.valueBytes === 0) {
    return <EmptyState title="The value is empty">The key exists, with a value of no bytes.</EmptyState>
  }
  return <Tabs {...props} />
}

function Tabs({ cluster, name, at, value }: ValueViewProps) {
  const [wanted, setWanted] = useUrlParam('view')
  const [managed, setManaged] = useUrlParam('managed')
  const managers = managersOf(value)
  const tab = tabOf(value.encoding, wanted)
  const tabs = tabsOf(value.encoding)
  const asksRaw = needsRaw(value, tab)
  const raw = useQuery({
    ...valueQuery(cluster, name, at, true),
    enabled: asksRaw,
    placeholderData: keepPreviousData,
  })
  const shown = asksRaw ? raw.data : value
  const choose = (next: ValueTab) => setWanted(next === tabs[0] ? null : next, 'replace')
  return (
    <div className="value-body">
      <div className="value-tools">
        <Segmented
          label="View"
          value={tab}
          options={tabs.map((one) => ({ value: one, label: tabWords[one] }))}
          onChange={choose}
        />
        {tab === 'decoded' && managers > 0 ? (
          <ToggleChip on={managed !== null} onChange={(on) => setManaged(on ? '1' : null, 'replace')}>
            managedFields, {managers}
          </ToggleChip>
        ) : (
          <span className="dim">{encodingWords[value.encoding]}</span>
        )}
        {shown !== undefined && <CopyValue value={shown} tab={tab} managers={managed !== null} />}
      </div>
      {value.note !== null && <p className="mid value-note">{value.note}</p>}
      {shown?.truncated === true && <p className="mid value-note">{truncatedSentence(shown)}</p>}
      {asksRaw && shown === undefined ? (
        queryState(raw, { failed: 'The stored bytes could not be read' })
      ) : shown === undefined ? null : tab === 'hex' ? (
        <Hex value={shown} />
      ) : (
        <Code value={shown} tab={tab} managers={managed !== null} />
      )}
    </div>
  )
}

interface ShownProps {
  readonly value: ValueAnswer
  readonly tab: ValueTab
  readonly managers: boolean
}

function CopyValue({ value, tab, managers }: ShownProps) {
  if (tab !== 'decoded') {
    const { label, text } = rawCopy(value)
    return <CopyButton label={label} text={() => text} />
  }
  return <CopyButton label={`Copy ${encodingWords[value.encoding]}`} text={() => decodedText(value, managers)} />
}

function Code({ value, tab, managers }: ShownProps) {
  const lines = useMemo(
    () => (tab === 'decoded' ? decodedLines(value, managers) : rawLines(value)),
    [value, tab, managers],
  )
  return <CodeView lines={lines} label={tab === 'decoded' ? 'Decoded value' : 'Raw value'} />
}

function Hex({ value }: { value: ValueAnswer }) {
  const bytes = useMemo(() => rawBytes(value), [value])
  return <HexView bytes={bytes} />
}
