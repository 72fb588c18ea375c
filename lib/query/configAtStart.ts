import type { PodConfigItem } from '../contract'
import { decodeValue } from '../kubernetes/decodedObjects'
import { readFingerprint } from '../kubernetes/fingerprint'
import { type ConfigUse, configUsesOf } from '../kubernetes/podConfig'
import type { ChangeRow, ClusterRow, ValueRow } from '../store/store'
import { timeOf } from './instant'
import type { Scope } from './scope'

/** What the containers of one Pod run on: the version of each ConfigMap and Secret that was in force at their start. */

/** Of one ConfigMap or Secret, newest first: older starts than these reach are answered as not known. */
const versionLimit = 500

/** `prefix`: what stands before `pods/` in this cluster's keys. */
export async function configItemsOf(
  pod: ValueRow,
  prefix: string,
  versions: ConfigVersions,
  wanted: { readonly kind?: ConfigUse['kind'] | undefined; readonly name?: string | undefined } = {},
): Promise<PodConfigItem[]> {
  const object = pod.value === null ? null : decodeValue(pod.value).object
  const items: PodConfigItem[] = []
  for (const use of object === null ? [] : configUsesOf(object)) {
    if (wanted.kind !== undefined && use.kind !== wanted.kind) continue
    if (wanted.name !== undefined && use.name !== wanted.name) continue
    items.push(await itemOf(use, pod, prefix, versions))
  }
  return items
}

async function itemOf(use: ConfigUse, pod: ValueRow, prefix: string, versions: ConfigVersions): Promise<PodConfigItem> {
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
  versions: ConfigVersions,
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

/** ConfigVersions and contents, each read once however many containers use it. */
export class ConfigVersions {
  readonly #scope: Scope
  readonly #cluster: ClusterRow
  readonly #moment: { readonly epoch: number; readonly revision: bigint }
  readonly #rows = new Map<string, Promise<ChangeRow[]>>()
  readonly #contents = new Map<string, Promise<string>>()

  constructor(scope: Scope, cluster: ClusterRow, moment: { readonly epoch: number; readonly revision: bigint }) {
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
