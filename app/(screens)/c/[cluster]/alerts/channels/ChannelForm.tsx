'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Channel, severity } from '../../../../../../lib/contract'
import { api } from '../../../../../_client/api'
import { ApiProblem, problemSentence } from '../../../../../_client/apiProblem'
import { useRange } from '../../../../../_client/range'
import { Button } from '../../../../../_ui/Button'
import { Segmented } from '../../../../../_ui/Segmented'
import { SidePanel } from '../../../../../_ui/SidePanel'
import { Status } from '../../../../../_ui/StatusMark'
import { FormField, FormGroup, Wrong, wrongAt } from '../FormParts'
import { MatcherFields } from '../MatcherFields'
import { sentWords, stateOf, troubleWords } from './channelColumns'
import { bodyOf, type ChannelDraft, draftOf, newChannel } from './channelDraft'
import { QuietFields } from './QuietFields'
import { TargetFields } from './TargetFields'
import { TestButton } from './TestButton'

interface ChannelFormProps {
  /** Null for a new one. */
  readonly channel: Channel | null
  readonly onClose: () => void
  readonly onCreated: (id: string) => void
}

const severityWords = { info: 'all', warning: 'warning and up', critical: 'critical' } as const
/** Fields that show their own refusal; what is wrong elsewhere stands on top. */
const shown = /^(name|target\.|matchers|groupBy|group\w+Ms|repeatIntervalMs|quietHours\.\d|template\.)/

/** Where a channel goes, what it is told and when. */
export function ChannelForm({ channel, onClose, onCreated }: ChannelFormProps) {
  const client = useQueryClient()
  const { nowMs } = useRange()
  const [draft, setDraft] = useState<ChannelDraft>(() => (channel === null ? newChannel : draftOf(channel)))
  const change = (part: Partial<ChannelDraft>) => setDraft((before) => ({ ...before, ...part }))
  const refresh = () => client.invalidateQueries({ queryKey: ['alerts', '*', 'channels'] })
  const save = useMutation({
    mutationFn: () =>
      channel === null ? api.createChannel(bodyOf(draft)) : api.changeChannel(channel.id, bodyOf(draft)),
    onSuccess: async (saved) => {
      await refresh()
      // What was entered as a secret is not kept in the page.
      setDraft(draftOf(saved))
      if (channel === null) onCreated(saved.id)
    },
  })
  const remove = useMutation({
    mutationFn: (id: string) => api.removeChannel(id),
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  const readOnly = channel?.readOnly ?? false
  const problem = save.error instanceof ApiProblem ? save.error : null
  const wrong = (field: string) => wrongAt(problem, field)
  const elsewhere = remove.error ?? (save.error !== null && !shown.test(problem?.parameter ?? '') ? save.error : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <SidePanel
      title={channel === null ? 'New channel' : channel.name}
      label="Channel"
      onClose={onClose}
      foot={
        <div className="form-foot">
          {channel !== null && <TestButton channel={channel} />}
          {channel !== null && !readOnly && (
            <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate(channel.id)}>
              Delete
            </Button>
          )}
          <Button tone="ink" type="submit" form="channel-form" disabled={readOnly || save.isPending}>
            {channel === null ? 'Create' : 'Save'}
          </Button>
        </div>
      }
    >
      {channel !== null && (
        <p className="test-answer">
          <Status tone={stateOf(channel).tone}>{stateOf(channel).word}</Status>{' '}
          <span className="mid">
            {[sentWords(channel, nowMs), troubleWords(channel, nowMs)].filter((words) => words !== '').join('. ')}
          </span>
        </p>
      )}
      {readOnly && <p className="mid">From the settings file: change it there and restart.</p>}
      <form id="channel-form" onSubmit={submit}>
        <fieldset className="form" disabled={readOnly}>
          <legend className="visually-hidden">The channel</legend>
          {elsewhere !== null && <Wrong>{problemSentence(elsewhere)}</Wrong>}
          <FormField label="Name" wrong={wrong('name')}>
            <input
              className="text-field"
              aria-invalid={wrong('name') !== null}
              maxLength={120}
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          </FormField>
          <TargetFields
            draft={draft}
            change={change}
            stored={channel?.secretSet === true ? channel.target.kind : null}
            wrong={wrong}
          />
          <FormGroup label="Is told of" wrong={wrong('minSeverity')}>
            <Segmented
              label="Least severity"
              value={draft.minSeverity}
              options={severity.options.map((value) => ({ value, label: severityWords[value] }))}
              onChange={(minSeverity) => change({ minSeverity })}
            />
          </FormGroup>
          <FormGroup label="Only alerts with these labels" hint="none: all of them" wrong={wrong('matchers')}>
            <MatcherFields
              matchers={draft.matchers}
              wrong={problem?.parameter ?? null}
              onChange={(matchers) => change({ matchers })}
            />
          </FormGroup>
          <FormGroup label="Quiet hours" hint="No day chosen: every day. What happened is told at their end.">
            <QuietFields hours={draft.quietHours} onChange={(quietHours) => change({ quietHours })} wrong={wrong} />
          </FormGroup>
          <Timing draft={draft} change={change} wrong={wrong} />
          <label className="form-check">
            <input
              type="checkbox"
              checked={draft.sendResolved}
              onChange={(event) => change({ sendResolved: event.target.checked })}
            />
            is told when an alert is over
          </label>
          <label className="form-check">
            <input
              type="checkbox"
              checked={draft.enabled}
              onChange={(event) => change({ enabled: event.target.checked })}
            />
            is in use
          </label>
        </fieldset>
      </form>
    </SidePanel>
  )
}

interface PartProps {
  readonly draft: ChannelDraft
  readonly change: (part: Partial<ChannelDraft>) => void
  readonly wrong: (field: string) => string | null
}

const spans = [
  { field: 'groupWait', name: 'groupWaitMs', label: 'First message waits', hint: 'for what comes with it' },
  { field: 'groupInterval', name: 'groupIntervalMs', label: 'Between messages of a group', hint: undefined },
  {
    field: 'repeatInterval',
    name: 'repeatIntervalMs',
    label: 'Repeated each',
    hint: 'until it is acknowledged or over',
  },
] as const
const texts = [
  { field: 'title', name: 'template.title', label: 'Title', hint: 'empty: the rule, the cluster and the summary' },
  {
    field: 'body',
    name: 'template.body',
    label: 'Text of each alert',
    hint: '{{ summary }}, {{ value }}, {{ labels.member }} …',
  },
] as const

/** What most leave as it is: grouping, repeats, words. Open when something in it is wrong. */
function Timing({ draft, change, wrong }: PartProps) {
  const faults = [...spans, ...texts].some(({ name }) => wrong(name) !== null) || wrong('groupBy') !== null
  return (
    <details className="form-more" open={faults || undefined}>
      <summary>Grouping, repeats and words</summary>
      <div className="form">
        <FormField
          label="Told together by"
          hint="labels, with commas, beside those of the rule"
          wrong={wrong('groupBy')}
        >
          <input
            className="text-field"
            aria-invalid={wrong('groupBy') !== null}
            value={draft.groupBy}
            onChange={(event) => change({ groupBy: event.target.value })}
          />
        </FormField>
        {[...spans, ...texts].map(({ field, name, label, hint }) => (
          <FormField key={field} label={label} hint={hint} wrong={wrong(name)}>
            {field === 'body' ? (
              <textarea
                className="text-field"
                rows={3}
                aria-invalid={wrong(name) !== null}
                value={draft[field]}
                onChange={(event) => change({ [field]: event.target.value })}
              />
            ) : (
              <input
                className="text-field"
                aria-invalid={wrong(name) !== null}
                value={draft[field]}
                onChange={(event) => change({ [field]: event.target.value })}
              />
            )}
          </FormField>
        ))}
      </div>
    </details>
  )
}
