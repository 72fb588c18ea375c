import type { AlertRuleInput, ChannelInput } from '../contract'
import type { PathStep } from '../core/jsonPath'

/** The settings as the rest of the program sees them: checked, complete, every limit with its unit. */

export interface TlsSettings {
  /** PEM contents, read at start. */
  readonly ca: Buffer | null
  readonly cert: Buffer | null
  readonly key: Buffer | null
  /** Name to check in the server's certificate when it is not the endpoint's host. */
  readonly serverName: string | null
  /** True: the server's certificate is not checked at all, as with etcdctl's own switch. */
  readonly insecureSkipVerify?: boolean
}

/** A Kubernetes apiserver that is read, never written. */
export interface KubernetesSettings {
  /** Absolute path of the kubeconfig; null: the service account of the pod that this runs in. */
  readonly kubeconfig: string | null
  /** Null: the kubeconfig's current one. */
  readonly context: string | null
  /** Where the service account's folder is mounted, when it is not at the root; for tests. */
  readonly accountRoot?: string | undefined
}

export interface ClusterSettings {
  readonly name: string
  /**
   * `http://host:port` or `https://host:port`, normalised. Empty only with {@link kubernetes}: then the apiserver is
   * the source of the record.
   */
  readonly endpoints: readonly string[]
  /** Null for plain http. */
  readonly tls: TlsSettings | null
  readonly auth: { readonly user: string; readonly password: string } | null
  /** Base URLs of `/metrics` when it is not served on the client URLs; empty: the members' client URLs. */
  readonly metricsUrls: readonly string[]
  readonly statusIntervalMs: number
  readonly metricsIntervalMs: number
  readonly hashIntervalMs: number
  /** Key prefixes with Kubernetes' layout, e.g. `/registry`; their secrets are redacted. */
  readonly kubernetesPrefixes: readonly string[]
  /** Whole values that are redacted beside Secrets; absent: none. */
  readonly redact?: RedactSettings | undefined
  /** Its apiserver; beside etcd endpoints it only adds what discovery tells. Absent or null: none. */
  readonly kubernetes?: KubernetesSettings | null
  /** As the file says; absent: what is set on the screen holds, and otherwise everything is kept. */
  readonly retention?: RetentionSettings | undefined
  readonly demo: boolean
}

/** Whose word the record is: etcd's where it can be reached. */
export function sourceOf({ endpoints }: Pick<ClusterSettings, 'endpoints'>): 'etcd' | 'apiserver' {
  return endpoints.length > 0 ? 'etcd' : 'apiserver'
}

/** How long each class of changes is kept, and how large the database may grow; null: for ever, without a bound. */
export interface RetentionSettings {
  readonly heartbeatsMs: number | null
  readonly eventsMs: number | null
  readonly statusMs: number | null
  readonly configurationMs: number | null
  readonly maxDatabaseBytes: number | null
}

export interface RedactSettings {
  readonly keyPrefixes: readonly string[]
  /** As the API calls them: `configmaps`, `tokens.example.io`. */
  readonly resources: readonly string[]
  /** ConfigMaps with an entry whose name or value looks like a credential. */
  readonly credentialConfigMaps: boolean
  /** Parts of the values of a resource (`*`: of every one) or of the keys under a prefix; exactly one is not null. */
  readonly paths: readonly {
    readonly resource: string | null
    readonly keyPrefix: string | null
    readonly steps: readonly PathStep[]
  }[]
}

export interface AlertSettings {
  readonly intervalMs: number
  /** Each with where it stands in the file, to name it when it is refused. */
  readonly rules: readonly { readonly rule: AlertRuleInput; readonly at: string }[]
  readonly notify: NotifySettings
}

export interface NotifySettings {
  /** Of the settings file, secrets included: read-only on screen. */
  readonly channels: readonly ChannelInput[]
  /** Channels may connect to private, local and reserved addresses. */
  readonly allowPrivateTargets: boolean
  /** Hosts, addresses and networks that they may connect to beside public ones. */
  readonly allowTargets: readonly string[]
  /** PEM of an authority that receivers are trusted by, beside the public ones. */
  readonly ca: string | null
  /** Where people open etcdscope, for links in messages; no slash at the end. */
  readonly externalUrl: string
}

export interface Settings {
  readonly clusters: readonly ClusterSettings[]
  /** True when nothing is configured (or ETCDSCOPE_DEMO=1): the clusters are the demo's, known once it runs. */
  readonly demo: boolean
  readonly alerts: AlertSettings
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** False: the default, and the next free port will do when it is taken. */
  readonly portGiven: boolean
  readonly insecure: boolean
  readonly role: 'all' | 'web' | 'collector'
  /** `file:…` resolved to an absolute path. */
  readonly databaseUrl: string
  /** Absolute folder of the database, the fingerprint key and the demo's files. */
  readonly dataDir: string
}
