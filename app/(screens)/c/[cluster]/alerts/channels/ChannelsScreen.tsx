'use client'

import { useMemo } from 'react'
import type { Channel } from '../../../../../../lib/contract'
import { plural } from '../../../../../_client/format'
import { useChannels } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { Button } from '../../../../../_ui/Button'
import { DataTable } from '../../../../../_ui/DataTable'
import { Panel } from '../../../../../_ui/Panel'
import { WithSide } from '../../../../../_ui/SidePanel'
import { queryState } from '../../../../../_ui/States'
import { Verdict } from '../../../../../_ui/Verdict'
import { AlertTabs } from '../AlertTabs'
import { ChannelForm } from './ChannelForm'
import { channelColumns } from './channelColumns'
import '../alerts.css'
import '../forms.css'
import '../rules/rules.css'

const none: readonly Channel[] = []

/** Who is told, and whether they can be reached. */
export function ChannelsScreen({ cluster }: { cluster: string }) {
  const { nowMs } = useRange()
  const query = useChannels()
  const [open, setOpen] = useUrlParam('channel')
  const channels = query.data ?? none
  const columns = useMemo(() => channelColumns(nowMs), [nowMs])
  const chosen = channels.find(({ id }) => id === open) ?? null
  const blocked = queryState(query, {
    failed: 'The channels could not be read',
    isEmpty: channels.length === 0,
    empty: {
      title: 'Nobody is told of alerts',
      children: 'A channel sends them to a webhook, Alertmanager, Slack, PagerDuty or by mail.',
      action: { label: 'New channel', onAct: () => setOpen('new') },
    },
  })
  const side =
    open === 'new' || chosen !== null ? (
      <ChannelForm
        key={chosen?.id ?? 'new'}
        channel={chosen}
        onClose={() => setOpen(null)}
        onCreated={(id) => setOpen(id, 'replace')}
      />
    ) : null
  return (
    <WithSide side={side} wide>
      <Verdict {...verdictOf(query.data)} actions={<AlertTabs cluster={cluster} tab="channels" />} />
      <Panel
        title="Channels"
        note="for alerts of all clusters"
        flush
        actions={
          <Button icon="plus" onClick={() => setOpen('new')}>
            New channel
          </Button>
        }
      >
        {blocked ?? (
          <DataTable
            id="channels"
            label="Channels"
            rows={channels}
            columns={columns}
            rowKey={({ id }) => id}
            selectedKey={open}
            onOpen={({ id }) => setOpen(id)}
            defaultSort={{ column: 'state', descending: false }}
            twoLines
          />
        )}
      </Panel>
    </WithSide>
  )
}

export function verdictOf(channels: readonly Channel[] | undefined) {
  if (channels === undefined) return { sentence: 'Channels' }
  const used = channels.filter(({ enabled }) => enabled)
  const failing = used.filter(({ health }) => health.state === 'failing')
  const waiting = used.reduce((sum, { health }) => sum + health.waiting, 0)
  if (used.length === 0) return { tone: 'warn' as const, sentence: 'Nobody is told of alerts' }
  const reasons = [
    ...failing.map(({ name, health }) => `${name}: ${health.lastError ?? 'not reached'}`),
    ...(waiting > 0 ? [`${plural(waiting, 'message')} ${waiting === 1 ? 'waits' : 'wait'}`] : []),
  ]
  return {
    tone: failing.length > 0 ? ('critical' as const) : ('ok' as const),
    sentence:
      failing.length > 0
        ? `${plural(failing.length, 'channel')} cannot be reached`
        : `${plural(used.length, 'channel')} ${used.length === 1 ? 'is' : 'are'} told of alerts`,
    reasons: reasons.map((reason) => `${reason.replace(/\.$/, '')}. `).join(''),
  }
}
