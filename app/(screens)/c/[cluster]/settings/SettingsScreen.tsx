'use client'

import { useCluster, useRetention } from '../../../../_client/queries'
import { EmptyState, FailedState, LoadingState } from '../../../../_ui/States'
import { Verdict } from '../../../../_ui/Verdict'
import { AboutPanel } from './AboutPanel'
import { LastRunPanel } from './LastRunPanel'
import { retentionSentence } from './prepareRetention'
import { RetentionPanel } from './RetentionPanel'
import './settings.css'

/** How long what is kept, what that costs, and what runs here. */
export function SettingsScreen({ cluster: name }: { cluster: string }) {
  const { unknown } = useCluster(name)
  const retention = useRetention(name)
  if (unknown) {
    return <EmptyState title={`No cluster named ${name} is watched`}>The switcher lists those that are.</EmptyState>
  }
  if (retention.data === undefined) {
    if (!retention.isError) return <LoadingState />
    return <FailedState title="The settings could not be read" error={retention.error} onRetry={retention.refetch} />
  }
  const answer = retention.data
  const { tone, sentence } = retentionSentence(answer)
  return (
    <div className="stack">
      <Verdict
        tone={tone}
        sentence={sentence}
        reasons="The newest version of a live key is never removed, and what is removed is written down in the record."
      />
      {/* Made anew when the policy changes elsewhere: a draft starts from what is in force. */}
      <RetentionPanel key={JSON.stringify(answer.policy)} cluster={name} answer={answer} />
      <div className="grid-12">
        <LastRunPanel answer={answer} />
        <AboutPanel />
      </div>
    </div>
  )
}
