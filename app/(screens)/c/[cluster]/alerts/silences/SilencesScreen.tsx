'use client'

import { useMemo } from 'react'
import type { Silence } from '../../../../../../lib/contract'
import { formatMoment, plural } from '../../../../../_client/format'
import { useSilences } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { Button } from '../../../../../_ui/Button'
import { DataTable } from '../../../../../_ui/DataTable'
import { Panel } from '../../../../../_ui/Panel'
import { Segmented } from '../../../../../_ui/Segmented'
import { WithSide } from '../../../../../_ui/SidePanel'
import { queryState } from '../../../../../_ui/States'
import { Verdict } from '../../../../../_ui/Verdict'
import { AlertTabs } from '../AlertTabs'
import { SilenceForm } from './SilenceForm'
import { silenceColumns } from './silenceColumns'
import { labelsOfParam } from './silenceDraft'
import '../alerts.css'
import '../forms.css'
import '../rules/rules.css'

const none: readonly Silence[] = []

/** What is held back, by whom and until when. */
export function SilencesScreen({ cluster }: { cluster: string }) {
  const { nowMs } = useRange()
  const query = useSilences()
  const [open, setOpen] = useUrlParam('silence')
  const [fresh, setFresh] = useUrlParam('new')
  const [shown, setShown] = useUrlParam('show')
  const silences = query.data ?? none
  const over = shown === 'over'
  const rows = useMemo(() => silences.filter(({ state }) => (state === 'expired') === over), [silences, over])
  const columns = useMemo(() => silenceColumns(nowMs), [nowMs])
  const chosen = silences.find(({ id }) => id === open) ?? null
  const close = () => (fresh === null ? setOpen(null) : setFresh(null))
  const blocked = queryState(query, {
    failed: 'The silences could not be read',
    isEmpty: rows.length === 0,
    empty: over
      ? { title: 'No silence has ended within the last 30 days' }
      : { title: 'Nothing is silenced', action: { label: 'New silence', onAct: () => setFresh('{}') } },
  })
  const side =
    fresh !== null ? (
      <SilenceForm key={`new ${fresh}`} silence={null} labels={labelsOfParam(fresh)} onClose={close} />
    ) : chosen !== null ? (
      <SilenceForm key={chosen.id} silence={chosen} labels={{}} onClose={close} />
    ) : null
  return (
    <WithSide side={side} wide>
      <Verdict {...verdictOf(query.data, nowMs)} actions={<AlertTabs cluster={cluster} tab="silences" />} />
      <Panel
        title="Silences"
        note="of all clusters"
        flush
        actions={
          <>
            <Segmented
              label="Which silences"
              value={over ? 'over' : 'now'}
              options={[
                { value: 'now', label: 'In force' },
                { value: 'over', label: 'Over' },
              ]}
              onChange={(next) => setShown(next === 'now' ? null : next)}
            />
            <Button icon="plus" onClick={() => setFresh('{}')}>
              New silence
            </Button>
          </>
        }
      >
        {blocked ?? (
          <DataTable
            id="silences"
            label="Silences"
            rows={rows}
            columns={columns}
            rowKey={({ id }) => id}
            selectedKey={open}
            onOpen={({ id }) => setOpen(id)}
            defaultSort={{ column: 'ends', descending: over }}
            twoLines
          />
        )}
      </Panel>
    </WithSide>
  )
}

function verdictOf(silences: readonly Silence[] | undefined, nowMs: number) {
  if (silences === undefined) return { sentence: 'Silences' }
  const active = silences.filter(({ state }) => state === 'active')
  if (active.length === 0) return { tone: 'ok' as const, sentence: 'Nothing is silenced' }
  const held = active.reduce((sum, { matched }) => sum + matched, 0)
  const first = Math.min(...active.map(({ endsAt }) => Date.parse(endsAt)))
  return {
    tone: 'progress' as const,
    sentence: `${plural(active.length, 'silence')} ${active.length === 1 ? 'is' : 'are'} in force`,
    reasons: `${held === 0 ? 'No alert is' : `${plural(held, 'alert')} ${held === 1 ? 'is' : 'are'}`} held back. The first one ends ${formatMoment(first, nowMs)}.`,
  }
}
