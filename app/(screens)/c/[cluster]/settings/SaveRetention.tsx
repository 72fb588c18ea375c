'use client'

import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RetentionPolicy, RetentionPreview } from '../../../../../lib/contract'
import { api } from '../../../../_client/api'
import { problemSentence } from '../../../../_client/apiProblem'
import { Button } from '../../../../_ui/Button'
import { previewSentence } from './prepareRetention'

export interface SaveRetentionProps {
  readonly cluster: string
  readonly draft: RetentionPolicy
  readonly changed: boolean
  readonly preview: UseQueryResult<RetentionPreview>
  readonly onDiscard: () => void
}

/** What a draft would free, and the saving of it: removing cannot be undone, so it is asked once more. */
export function SaveRetention({ cluster, draft, changed, preview, onDiscard }: SaveRetentionProps) {
  const client = useQueryClient()
  const [asked, setAsked] = useState<RetentionPolicy | null>(null)
  const save = useMutation({
    mutationFn: () => api.setRetention(cluster, draft),
    onSuccess: (answer) => client.setQueryData(['retention', cluster], answer),
  })
  if (!changed)
    return <p className="mid">Another time for a class shows what it would free, before anything is saved.</p>
  const told = preview.isPlaceholderData ? undefined : preview.data
  const removes = told !== undefined && told.changes > 0
  const confirming = asked === draft && removes
  return (
    <div className="retention-save">
      <p role="status">
        {told === undefined
          ? preview.isError
            ? problemSentence(preview.error)
            : 'Counting what it would free …'
          : `${previewSentence(told)}${told.note === null ? '' : ` ${told.note}`}`}
        {confirming && ' It cannot be brought back.'}
      </p>
      <div className="retention-buttons">
        <Button onClick={onDiscard}>Discard</Button>
        {confirming ? (
          <Button tone="danger" disabled={save.isPending} onClick={() => save.mutate()}>
            Save and remove it
          </Button>
        ) : (
          <Button
            tone="ink"
            disabled={told === undefined || save.isPending}
            onClick={() => (removes ? setAsked(draft) : save.mutate())}
          >
            Save
          </Button>
        )}
      </div>
      {save.isError && (
        <p className="form-error" role="alert">
          {problemSentence(save.error)}
        </p>
      )}
    </div>
  )
}
