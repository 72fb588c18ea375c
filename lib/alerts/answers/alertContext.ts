import { type Alert, settingsChannelName } from '../../contract'
import { timeOf } from '../../query/instant'
import type { Scope } from '../../query/scope'
import type { AcknowledgeableAlert } from '../../store'
import { labelsOf } from '../notify/notification'
import { compileSilences } from '../notify/silencing'

export type AlertContext = Pick<Alert, 'silencedBy' | 'notified'>

/** Which silence holds each of these alerts back, and who was told of it. */
export async function alertContext(
  scope: Scope,
): Promise<
  (alerts: readonly AcknowledgeableAlert[]) => Promise<{ row: AcknowledgeableAlert; context: AlertContext }[]>
> {
  const { reader, nowMs } = scope
  const silencing = compileSilences(await reader.silences(nowMs))
  const names = new Map((await reader.channels()).map(({ id, name }) => [id, name]))
  return async (alerts) => {
    const told = await reader.notifiedOf(alerts.map((alert) => alert.id))
    return alerts.map((row) => ({
      row,
      context: {
        silencedBy: row.phase === 'resolved' ? null : (silencing.of(labelsOf(row), nowMs)?.id ?? null),
        notified: told
          .filter(({ alertId }) => alertId === row.id)
          .map(({ channelId, atMs, state }) => ({
            channel: names.get(channelId) ?? settingsChannelName(channelId),
            at: timeOf(atMs),
            state,
          })),
      },
    }))
  }
}
