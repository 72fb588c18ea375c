'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Channel } from '../../../../../../lib/contract'
import { api } from '../../../../../_client/api'
import { problemSentence } from '../../../../../_client/apiProblem'
import { formatDuration } from '../../../../../_client/format'
import { Button } from '../../../../../_ui/Button'
import { Status } from '../../../../../_ui/StatusMark'

/** Sends a message now and says what came of it. */
export function TestButton({ channel, compact = false }: { channel: Channel; compact?: boolean }) {
  const client = useQueryClient()
  const test = useMutation({
    mutationFn: () => api.testChannel(channel.id),
    onSettled: () => client.invalidateQueries({ queryKey: ['alerts', '*', 'channels'] }),
  })
  const answer = test.data
  const words =
    answer !== undefined
      ? `${answer.detail} ${formatDuration(answer.tookMs)}`
      : test.isError
        ? problemSentence(test.error)
        : null
  const tone = answer?.ok === true ? ('ok' as const) : ('critical' as const)
  return (
    <>
      <Button
        disabled={test.isPending}
        aria-label={`Send a test to ${channel.name}`}
        title={words ?? undefined}
        onClick={() => test.mutate()}
      >
        {test.isPending ? 'Sending' : compact ? 'Test' : 'Send a test'}
      </Button>
      {words !== null && (
        <span className={compact ? 'visually-hidden' : 'test-answer'} role="status">
          <Status tone={tone}>{words}</Status>
        </span>
      )}
    </>
  )
}
