/** What a cluster gets when nothing else is said, and the bounds of what may be said. */
export const clusterDefaults = {
  name: 'default',
  statusIntervalMs: 1000,
  metricsIntervalMs: 5000,
  hashIntervalMs: 180_000,
  kubernetesPrefixes: ['/registry'],
} as const

/** Polling faster than this loads the members; slower than this and the screens show nothing. */
export const intervalBoundsMs = {
  status: { min: 100, max: 60_000 },
  metrics: { min: 500, max: 600_000 },
  hash: { min: 5000, max: 86_400_000 },
} as const

/** etcdctl's own default endpoint, used when other ETCDCTL_ names are set but this one is not. */
export const etcdctlDefaultEndpoint = '127.0.0.1:2379'
export const maxClusters = 64
/** Names stand in URLs and file names. */
export const clusterNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
export const clusterNameRule = 'letters, digits, ".", "_" and "-", at most 63'

/** Rules are evaluated when something moves that they read, and at least this often, so that silence is noticed. */
export const alertIntervalMs = 5_000
export const alertIntervalBoundsMs = { min: 500, max: 60_000 } as const
