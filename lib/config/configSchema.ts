import { z } from 'zod'
import { alertRuleInput, channelInput, quietHours } from '../contract'
import { clusterNamePattern, clusterNameRule } from './clusterDefaults'

/** The YAML file as people write it. Strict: an unknown key is a mistake that must not pass in silence. */
const text = z.string().min(1)
const list = z.array(text).min(1)
const duration = z.string().regex(/^\d{1,9}(ms|s|m|h)$/, 'a duration such as 500ms, 1s, 5m or 1h')

const tls = z.strictObject({
  caFile: text.optional(),
  certFile: text.optional(),
  keyFile: text.optional(),
  serverName: text.optional(),
  insecureSkipVerify: z.boolean().optional(),
})

const auth = z.strictObject({
  user: text,
  password: text.optional(),
  passwordFile: text.optional(),
  passwordEnv: text.optional(),
})

const intervals = z.strictObject({
  status: duration.optional(),
  metrics: duration.optional(),
  hash: duration.optional(),
})

const redactedPath = z.strictObject({ resource: text.optional(), keyPrefix: text.optional(), path: text })

const redact = z.strictObject({
  keyPrefixes: list.optional(),
  resources: list.optional(),
  credentialConfigMaps: z.boolean().optional(),
  paths: z.array(redactedPath).min(1).max(100).optional(),
})

const kubernetes = z.strictObject({
  kubeconfig: text.optional(),
  context: text.optional(),
  inCluster: z.boolean().optional(),
})
const retention = z.strictObject({
  heartbeats: text.optional(),
  events: text.optional(),
  status: text.optional(),
  configuration: text.optional(),
  maxDatabaseSize: text.optional(),
})
export type ConfigRetention = z.infer<typeof retention>

export const configCluster = z.strictObject({
  name: z.string().regex(clusterNamePattern, `a name of ${clusterNameRule}`),
  endpoints: list.optional(),
  kubernetes: kubernetes.optional(),
  tls: tls.optional(),
  auth: auth.optional(),
  metricsUrls: list.optional(),
  intervals: intervals.optional(),
  kubernetesPrefixes: z.array(z.string().min(1).max(256)).optional(),
  redact: redact.optional(),
  retention: retention.optional(),
})

const alerts = z.strictObject({
  interval: duration.optional(),
  rules: z.array(alertRuleInput).max(500).optional(),
  /** Checked once the files and variables that hold their secrets are read. */
  channels: z.array(z.record(z.string(), z.unknown())).max(100).optional(),
  allowPrivateTargets: z.boolean().optional(),
  allowTargets: z
    .array(z.string().regex(/^[A-Za-z0-9*._:/-]{1,253}$/, 'a host, an address or a network such as 10.0.0.0/8'))
    .max(100)
    .optional(),
  /** Of the authority that signed the certificates of receivers, beside the public ones. */
  caFile: text.optional(),
  externalUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
})

export const configFile = z.strictObject({
  clusters: z.array(configCluster).min(1),
  alerts: alerts.optional(),
  host: text.optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  databaseUrl: text.optional(),
  role: z.enum(['all', 'web', 'collector']).optional(),
  retention: retention.optional(),
})

export type ConfigFile = z.infer<typeof configFile>
export type ConfigCluster = z.infer<typeof configCluster>

/** Known keys by the path's last name, so that a mistyped key can be answered with the one that was meant. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configFile.shape),
  clusters: Object.keys(configCluster.shape),
  tls: Object.keys(tls.shape),
  auth: Object.keys(auth.shape),
  intervals: Object.keys(intervals.shape),
  redact: Object.keys(redact.shape),
  kubernetes: Object.keys(kubernetes.shape),
  paths: Object.keys(redactedPath.shape),
  alerts: Object.keys(alerts.shape),
  rules: Object.keys(alertRuleInput.shape),
  channels: Object.keys(channelInput.shape),
  quietHours: Object.keys(quietHours.shape),
  retention: Object.keys(retention.shape),
}
