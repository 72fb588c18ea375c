/** Every bound of the apiserver source, with its unit and its reason. Tests replace them. */
export interface ApiLimits {
  /** Objects a page of a list, as client-go asks for. */
  readonly pageObjects: number
  /** The largest answer to a list or to discovery. */
  readonly answerBytes: number
  /** The longest line of a watch: an object of etcd's greatest request (1.5 MiB) as JSON, with room. */
  readonly lineBytes: number
  /** Until an answer begins. */
  readonly answerMs: number
  /** A credential plug-in that takes longer than this is reported; it may open a browser, so it is not short. */
  readonly credentialMs: number
  /** Credentials are used this long before they are read again, as client-go does with token files. */
  readonly credentialKeepMs: number
  /** The apiserver ends each watch after this long (at least; up to twice as long). */
  readonly watchSeconds: number
  /** Bookmarks come each minute: a watch that is silent for longer is a dead connection. */
  readonly silenceMs: number
  /** Between two looks at discovery; a change of a CRD or of an APIService looks at once. */
  readonly discoverEveryMs: number
  /** A burst of such changes is one look. */
  readonly discoverSoonMs: number
  /** Between two words on how far each resource is told. */
  readonly frontiersEveryMs: number
  /** How long a revision that no stream has told of holds up those above it, while every stream is open. */
  readonly holdMs: number
  /** The same while a stream is not open. */
  readonly holdUnopenedMs: number
  /** How long a deleting revision waits for more of its deletes: one expired lease takes many objects. */
  readonly settleMs: number
  /** Held and not yet taken; above it holds are cut short and streams are paused. */
  readonly heldBytes: number
  /** Requests at once while discovering and listing. */
  readonly requests: number
  /** A stream that has been failing for this long is named in the cluster's state. */
  readonly troubleMs: number
}

export const apiLimits: ApiLimits = {
  pageObjects: 500,
  answerBytes: 256 * 1024 * 1024,
  lineBytes: 16 * 1024 * 1024,
  answerMs: 30_000,
  credentialMs: 60_000,
  credentialKeepMs: 60_000,
  watchSeconds: 300,
  silenceMs: 150_000,
  discoverEveryMs: 60_000,
  discoverSoonMs: 500,
  frontiersEveryMs: 5_000,
  holdMs: 1_000,
  holdUnopenedMs: 10_000,
  settleMs: 100,
  heldBytes: 64 * 1024 * 1024,
  requests: 8,
  troubleMs: 10_000,
}
