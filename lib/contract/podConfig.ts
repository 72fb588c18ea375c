import { z } from 'zod'
import { atParam, int64, time } from './common'

/** Which revision of each ConfigMap and Secret was in force when a running container started, and which is now. */

export const podConfigQuery = z.object({
  namespace: z.string().max(300).optional(),
  pod: z.string().max(300).optional(),
  kind: z.enum(['ConfigMap', 'Secret']).optional(),
  name: z.string().max(300).optional().describe('of the ConfigMap or Secret'),
  stale: z.enum(['true']).optional().describe('only what has changed since the container started'),
  at: atParam.default('now'),
})

export const podConfigItem = z.object({
  namespace: z.string(),
  pod: z.string(),
  container: z.string(),
  startedAt: time,
  kind: z.enum(['ConfigMap', 'Secret']),
  name: z.string(),
  key: z.string().describe('the key of the ConfigMap or Secret in etcd'),
  way: z
    .enum(['env', 'envFrom', 'volume', 'subPath', 'imagePullSecrets'])
    .describe('volume: the kubelet refreshes the files; the others are read once, at the start'),
  revisionAtStart: int64.nullable().describe('derived from the times of both; null when the record does not tell'),
  currentRevision: int64.nullable().describe('null when it does not exist'),
  stale: z.boolean().nullable().describe('its content differs from what it was at the start; null when not known'),
  reason: z.string().describe('one sentence: how this was derived'),
})
export type PodConfigItem = z.infer<typeof podConfigItem>

export const podConfigAnswer = z.object({
  revision: int64,
  items: z.array(podConfigItem),
  pods: z.number().int().describe('how many were looked at'),
  truncated: z.boolean().describe('there are more Pods or uses than are answered at once'),
})
