'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Alert } from '../../../../../lib/contract'
import { api } from '../../../../_client/api'
import { problemSentence } from '../../../../_client/apiProblem'
import { Button } from '../../../../_ui/Button'

/** Stops the repeats and tells the others that somebody looks. */
export function AcknowledgeForm({ alert, onDone }: { alert: Alert; onDone: () => void }) {
  const client = useQueryClient()
  const [by, setBy] = useState('')
  const [note, setNote] = useState('')
  const save = useMutation({
    mutationFn: () => api.acknowledge(alert.id, { note, ...(by.trim() === '' ? {} : { by: by.trim() }) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['alerts'] })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className="alert-note" onSubmit={submit}>
      <label className="field">
        <span className="visually-hidden">Your name</span>
        <input placeholder="Your name" maxLength={120} value={by} onChange={(event) => setBy(event.target.value)} />
      </label>
      <label className="field alert-note-text">
        <span className="visually-hidden">Note</span>
        <input placeholder="Note" maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <Button type="submit" disabled={save.isPending}>
        Acknowledge
      </Button>
      {save.isError && (
        <p className="form-error" role="alert">
          {problemSentence(save.error)}
        </p>
      )}
    </form>
  )
}
