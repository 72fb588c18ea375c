'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Silence } from '../../../../../../lib/contract'
import { api } from '../../../../../_client/api'
import { ApiProblem, problemSentence } from '../../../../../_client/apiProblem'
import { Button } from '../../../../../_ui/Button'
import { Segmented } from '../../../../../_ui/Segmented'
import { SidePanel } from '../../../../../_ui/SidePanel'
import { FormField, FormGroup, Wrong, wrongAt } from '../FormParts'
import { MatcherFields } from '../MatcherFields'
import { bodyOf, draftOf, newSilence, type SilenceDraft, spans } from './silenceDraft'

interface SilenceFormProps {
  /** Null for a new one. */
  readonly silence: Silence | null
  readonly labels: Readonly<Record<string, string>>
  readonly onClose: () => void
}

const spanWords = { '1h': '1 h', '4h': '4 h', '1d': '1 day', '1w': '1 week' } as const
const fields = ['matchers', 'author', 'reason', 'startsAt', 'endsAt']

export function SilenceForm({ silence, labels, onClose }: SilenceFormProps) {
  const client = useQueryClient()
  const [draft, setDraft] = useState<SilenceDraft>(() => (silence === null ? newSilence(labels) : draftOf(silence)))
  const change = (part: Partial<SilenceDraft>) => setDraft((before) => ({ ...before, ...part }))
  const done = async () => {
    await client.invalidateQueries({ queryKey: ['alerts'] })
    onClose()
  }
  const save = useMutation({
    mutationFn: () =>
      silence === null ? api.createSilence(bodyOf(draft)) : api.changeSilence(silence.id, bodyOf(draft)),
    onSuccess: done,
  })
  const end = useMutation({ mutationFn: (id: string) => api.removeSilence(id), onSuccess: done })
  const problem = save.error instanceof ApiProblem ? save.error : null
  const wrong = (field: string) => wrongAt(problem, field)
  const elsewhere = [save.error, end.error].find(
    (error) => error !== null && !fields.some((field) => wrongAt(error instanceof ApiProblem ? error : null, field)),
  )
  const over = silence?.state === 'expired'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <SidePanel
      title={silence === null ? 'New silence' : over ? 'Silence, over' : 'Silence'}
      label="Silence"
      onClose={onClose}
      foot={
        <div className="form-foot">
          {silence !== null && (
            <Button tone="danger" disabled={end.isPending} onClick={() => end.mutate(silence.id)}>
              {silence.state === 'active' ? 'End now' : 'Delete'}
            </Button>
          )}
          <Button tone="ink" type="submit" form="silence-form" disabled={save.isPending}>
            {silence === null ? 'Silence' : over ? 'Silence again' : 'Save'}
          </Button>
        </div>
      }
    >
      <form id="silence-form" className="form" onSubmit={submit}>
        {elsewhere !== undefined && elsewhere !== null && <Wrong>{problemSentence(elsewhere)}</Wrong>}
        <FormGroup
          label="Alerts with these labels"
          hint="All must hold. A pattern matches the whole value."
          wrong={wrong('matchers')}
        >
          <MatcherFields
            matchers={draft.matchers}
            wrong={problem?.parameter ?? null}
            onChange={(matchers) => change({ matchers })}
          />
        </FormGroup>
        <FormField label="Reason" wrong={wrong('reason')}>
          <input
            className="text-field"
            aria-invalid={wrong('reason') !== null}
            maxLength={2000}
            value={draft.reason}
            onChange={(event) => change({ reason: event.target.value })}
          />
        </FormField>
        <FormField label="Your name" wrong={wrong('author')}>
          <input
            className="text-field"
            aria-invalid={wrong('author') !== null}
            maxLength={120}
            value={draft.author}
            onChange={(event) => change({ author: event.target.value })}
          />
        </FormField>
        <FormField label="From" hint="empty: from now on" wrong={wrong('startsAt')}>
          <input
            type="datetime-local"
            step={1}
            aria-invalid={wrong('startsAt') !== null}
            value={draft.starts}
            onChange={(event) => change({ starts: event.target.value })}
          />
        </FormField>
        <FormGroup label="For" wrong={wrong('endsAt')} hint="What still fires then is told.">
          <Segmented
            label="How long"
            value={draft.lasts}
            options={[
              ...spans.map((value) => ({ value, label: spanWords[value] })),
              { value: 'until', label: 'until' },
            ]}
            onChange={(lasts) => change({ lasts })}
          />
          {draft.lasts === 'until' && (
            <input
              type="datetime-local"
              step={1}
              aria-label="Until"
              aria-invalid={wrong('endsAt') !== null}
              value={draft.until}
              onChange={(event) => change({ until: event.target.value })}
            />
          )}
        </FormGroup>
      </form>
    </SidePanel>
  )
}
