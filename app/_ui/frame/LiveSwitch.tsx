'use client'

import { formatClock } from '../../_client/format'
import { useStreamState } from '../../_client/liveStream'
import { useUrlState } from '../../_client/useUrlState'
import { Icon } from '../Icon'

/** "Live", "Reconnecting" or "Paused at 14:02:11"; pausing is part of the link. */
export function LiveSwitch() {
  const [state, update] = useUrlState()
  const stream = useStreamState()
  const { pausedAtMs } = state
  const paused = pausedAtMs !== null
  const toggle = () => update({ pausedAtMs: paused ? null : Math.floor(Date.now() / 1000) * 1000 })
  return (
    <button
      type="button"
      className="btn live-btn"
      data-tone="plain"
      data-stream={stream}
      aria-pressed={!paused}
      title={paused ? 'Go on live' : 'Pause here'}
      onClick={toggle}
    >
      {paused ? <Icon name="pause" size={14} /> : <i className="live-dot" />}
      <span suppressHydrationWarning>
        {paused ? `Paused at ${formatClock(pausedAtMs)}` : stream === 'reconnecting' ? 'Reconnecting' : 'Live'}
      </span>
    </button>
  )
}
