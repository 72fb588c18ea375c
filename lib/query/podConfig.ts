import type { AnswerOf, InputOf, PodConfigItem } from '../contract'
import { decodeValue } from '../kubernetes/decodedObjects'
import { readFingerprint } from '../kubernetes/fingerprint'
import { type ConfigUse, configUsesOf } from '../kubernetes/podConfig'
import type { ChangeRow, ClusterRow, ValueRow } from '../store/store'
import { timeOf } from './instant'
import { prefixRange } from './keyBytes'
import { coveredMoment, type Moment } from './moment'
import { clusterOf, type Scope } from './scope'

/** Looked at and answered at most; a namespace narrows. */
const podLimit = 5_000
const itemLimit = 1_000
const podsPerPage = 500
/** Of one ConfigMap or Secret, newest first: older starts than these reach are answered as not known. */
const versionLimit = 500

/**
 * Config at start: a container reads its configuration when it starts, so the version in force then is what it runs
 * on. Derived from two times, the kubelet's and ours; each item says how.
 */
export async function podConfig(scope: Scope, input: InputOf<'podConfig'>): Promise<AnswerOf<'podConfig'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const moment = await coveredMoment(scope, cluster, input.at)
  const prefix = await prefixOfPods(scope, cluster)
  const versions = new Versions(scope, cluster, moment)
  const items: PodConfigItem[] = []
  let pods = 0
  let truncated = false
  for await (const pod of prefix === null ? [] : podsAt(scope, cluster, moment, prefix, input)) {
    if (++pods > podLimit || items.length >= itemLimit) {
      truncated = true
      break
    }
    const object = pod.value === null ? null : decodeValue(pod.value).object
    const uses = object === null ? [] : configUsesOf(object)
    for (const use of uses) {
      if (input.kind !== undefined && use.kind !== input.kind) continue
      if (input.name !== undefined && use.name !== input.name) continue
      const item = await itemOf(use, pod, prefix ?? '', versions)
      if (input.stale === undefined || item.stale === true) items.push(item)
    }
  }
  return {
    revision: String(moment.revision),
    items: items.slice(0, itemLimit),
    pods: Math.min(pods, podLimit),
    truncated,
  }
}

/** What stands before `pods/` in this cluster's keys; null when no Pod is recorded. */
async function prefixOfPods(scope: Scope, cluster: ClusterRow): Promise<string | null> {
  const [row] = await scope.reader.changes(cluster, { resources: ['pods'] }, { order: 'desc', limit: 1, after: null })
  const key = row === undefined ? '' : Buffer.from(row.key).toString('utf8')
  const at = key.indexOf('pods/')
  return at === -1 ? null : key.slice(0, at)
}

async function* podsAt(
  scope: Scope,
  cluster: ClusterRow,
  { epoch, revision }: Moment,
  prefix: string,
  { namespace, pod }: Pick<InputOf<'podConfig'>, 'namespace' | 'pod'>,
): AsyncGenerator<ValueRow> {
  const range = prefixRange(`${prefix}pods/${namespace === undefined ? '' : `${namespace}/`}`)
  let afterKey: Uint8Array | null = null
  for (;;) {
    const page: Awaited<ReturnType<typeof scope.reader.keysAt>> = await scope.reader.keysAt(
      cluster,
      epoch,
      revision,
      range,
      { limit: podsPerPage, afterKey },
    )
    for (const { key, unknown } of page) {
      if (unknown) continue
      if (pod !== undefined && !Buffer.from(key).toString('utf8').endsWith(`/${pod}`)) continue
      const row = await scope.reader.valueAt(cluster, epoch, key, revision)
      if (row !== null && row.op !== 'delete') yield row
    }
    afterKey = page.at(-1)?.key ?? null
    if (page.length < podsPerPage || scope.signal?.aborted) return
  }
}

async function itemOf(use: ConfigUse, pod: ValueRow, prefix: string, versions: Versions): Promise<PodConfigItem> {
  const namespace = pod.namespace ?? ''
  const key = `${prefix}${use.kind === 'ConfigMap' ? 'configmaps' : 'secrets'}/${namespace}/${use.name}`
  const startedMs = Date.parse(use.startedAt)
  const rows = await versions.of(key)
  const current = rows[0]
  const atStart = rows.find((row) => row.atMs <= startedMs)
  const standing = current === undefined || current.op === 'delete' ? null : current
  return {
    namespace,
    pod: pod.name ?? '',
    container: use.container,
    startedAt: timeOf(startedMs),
    kind: use.kind,
    name: use.name,
    key,
    way: use.way,
    revisionAtStart: atStart === undefined || atStart.op === 'delete' ? null : String(atStart.revision),
    currentRevision: standing && String(standing.revision),
    ...(await verdict(use, atStart, standing, versions)),
  }
}

async function verdict(
  use: ConfigUse,
  atStart: ChangeRow | undefined,
  current: ChangeRow | null,
  versions: Versions,
): Promise<Pick<PodConfigItem, 'stale' | 'reason'>> {
  if (atStart === undefined && current === null) return { stale: null, reason: 'The record has no version of it.' }
  if (atStart === undefined) return { stale: null, reason: 'All its recorded versions are younger than the container.' }
  if (atStart.op === 'delete')
    return { stale: current !== null, reason: 'It did not exist when the container started.' }
  if (current === null) return { stale: true, reason: 'It has been deleted since the container started.' }
  const derived = atStart.atSource === 'bound' ? ', whose time is a lower bound' : ''
  const from = `Derived: revision ${atStart.revision}${derived}, was the newest when the container started`
  if (atStart.revision === current.revision) return { stale: false, reason: `${from}, and still is.` }
  const same = (await versions.content(atStart)) === (await versions.content(current))
  if (same) return { stale: false, reason: `${from}; later revisions hold the same content.` }
  return { stale: true, reason: `${from}; ${since[use.way]}.` }
}

const readOnce = 'it is read once, at the start'
const since: Readonly<Record<ConfigUse['way'], string>> = {
  env: readOnce,
  envFrom: readOnce,
  subPath: 'a file mounted by subPath is not refreshed',
  volume: 'the kubelet has refreshed its files since, and the process may still use what it read',
  imagePullSecrets: 'it was used to pull the image, and will be at the next pull',
}

/** Versions and contents, each read once however many containers use it. */
class Versions {
  readonly #scope: Scope
  readonly #cluster: ClusterRow
  readonly #moment: Moment
  readonly #rows = new Map<string, Promise<ChangeRow[]>>()
  readonly #contents = new Map<string, Promise<string>>()

  constructor(scope: Scope, cluster: ClusterRow, moment: Moment) {
    this.#scope = scope
    this.#cluster = cluster
    this.#moment = moment
  }

  /** Newest first, up to the moment. */
  of(key: string): Promise<ChangeRow[]> {
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const { epoch, revision } = this.#moment
    const rows = this.#scope.reader.changes(
      this.#cluster,
      { key: Buffer.from(key), epoch, toRevision: revision },
      { order: 'desc', limit: versionLimit, after: null },
    )
    this.#rows.set(key, rows)
    return rows
  }

  /** Equal for equal content: labels and annotations are none. */
  content(row: ChangeRow): Promise<string> {
    const id = `${row.revision} ${Buffer.from(row.key).toString('latin1')}`
    const known = this.#contents.get(id)
    if (known !== undefined) return known
    const content = this.#read(row)
    this.#contents.set(id, content)
    return content
  }

  async #read({ key, revision }: ChangeRow): Promise<string> {
    const row = await this.#scope.reader.valueAt(this.#cluster, this.#moment.epoch, key, revision)
    if (row?.fingerprint && row.value === null)
      return Buffer.from(readFingerprint(row.fingerprint).whole.subarray(0, 8)).toString('hex')
    const object = row?.value ? decodeValue(row.value).object : null
    if (object === null) return Buffer.from(row?.value ?? []).toString('latin1')
    return JSON.stringify([object.data ?? {}, object.binaryData ?? {}])
  }
}
