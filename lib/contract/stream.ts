import { z } from 'zod'
import { clusterName } from './common'

/**
 * Frames of `/stream`. They say *that* something changed, not what: the client invalidates its queries by topic.
 * The SSE id is the cursor; a reconnect with Last-Event-ID gets one `changed` frame for each topic that moved since.
 */
export const streamTopic = z.enum(['changes', 'members', 'leader', 'metrics', 'state', 'alerts', 'workloads'])
export type StreamTopic = z.infer<typeof streamTopic>

export const changedFrame = z.object({
  topic: streamTopic,
  cluster: clusterName,
  cursor: z.string().describe('for changes: epoch:revision stored last; for others a counter'),
})
export type ChangedFrame = z.infer<typeof changedFrame>

/** The client was too slow or its cursor is unknown: everything it shows may be old. */
export const resyncFrame = z.object({ reason: z.string() })

export const streamQuery = z.object({ cluster: clusterName.optional() })
