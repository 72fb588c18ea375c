import { type ApiClient, type ApiLimits, type ApiResource, discover, headOf, resourceName } from '../../apiserver'
import { ScopeError } from '../../core/errors'

/** What an apiserver says of itself when a session begins, and which of its resources can be recorded. */
export interface ApiInventory {
  /** Those whose revisions are of one etcd and that may be listed. */
  readonly readable: readonly ApiResource[]
  /** The others, each with the reason in a few words. */
  readonly unread: ReadonlyMap<string, string>
  /** All that discovery names, readable or not. */
  readonly served: ReadonlyMap<string, ApiResource>
  /** Groups whose discovery failed: that they lack a resource means nothing. */
  readonly unknownGroups: ReadonlySet<string>
  /** The newest revision when this was read; no readable resource is ahead of it. */
  readonly head: bigint
  /** What the newest revision is read from. */
  readonly reference: ApiResource
}

/** The cluster's own number, read as one id: the uid of its kube-system namespace. Null when it may not be read. */
export async function clusterIdOf(client: ApiClient, signal: AbortSignal): Promise<string | null> {
  try {
    const { metadata } = await client.json('/api/v1/namespaces/kube-system', {}, signal)
    const uid = typeof metadata === 'object' && metadata !== null && 'uid' in metadata ? String(metadata.uid) : ''
    const digits = uid.toLowerCase().replaceAll('-', '').slice(0, 16)
    return /^[0-9a-f]{16}$/.test(digits) ? digits : null
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}

/** `1.36.2`, as Kubernetes calls its own versions; null when it is not told. */
export async function versionOf(client: ApiClient, signal: AbortSignal): Promise<string | null> {
  try {
    const { gitVersion } = await client.json('/version', {}, signal)
    return typeof gitVersion === 'string' ? gitVersion.replace(/^v/, '').slice(0, 60) : null
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}

/**
 * Looks for everything that can be recorded. `skip`: names that were looked at before and need no second look.
 *
 * Revisions of two etcds cannot be put in one order, and aggregated apiservers and clusters that keep their Events
 * apart have another one. The newest revision of a resource tells: within one etcd it lies between two readings of a
 * reference, one before and one after.
 */
export async function takeInventory(
  client: ApiClient,
  limits: ApiLimits,
  signal: AbortSignal,
  skip: ReadonlySet<string> = new Set(),
): Promise<ApiInventory> {
  const { resources, unknownGroups } = await discover(client, signal)
  const reference = await findReference(client, resources, signal)
  const before = await headOf(client, reference, signal)
  const asked = resources.filter((resource) => !skip.has(resourceName(resource)))
  const answers = await inTurns(asked, limits.requests, (resource) => look(client, resource, signal))
  const head = await headOf(client, reference, signal)
  const readable: ApiResource[] = resources.filter((resource) => skip.has(resourceName(resource)))
  const unread = new Map<string, string>()
  for (const { resource, answer } of answers) {
    if (typeof answer === 'string') unread.set(resourceName(resource), answer)
    else if (answer >= before && answer <= head) readable.push(resource)
    else unread.set(resourceName(resource), 'kept in another store')
  }
  const served = new Map(resources.map((resource) => [resourceName(resource), resource]))
  return { readable, unread, served, unknownGroups, head, reference }
}

async function look(client: ApiClient, resource: ApiResource, signal: AbortSignal) {
  try {
    return { resource, answer: await headOf(client, resource, signal) }
  } catch (error) {
    if (signal.aborted || !(error instanceof ScopeError) || error.code === 'UNAUTHENTICATED') throw error
    return { resource, answer: error.code === 'PERMISSION_DENIED' ? 'not permitted' : 'not answering' }
  }
}

/** Of the core group, so that it is no aggregated one; namespaces are few and nearly always readable. */
async function findReference(client: ApiClient, resources: readonly ApiResource[], signal: AbortSignal) {
  const core = resources.filter(({ group }) => group === '')
  const first = core.find(({ plural }) => plural === 'namespaces')
  let failure: unknown = new ScopeError('PERMISSION_DENIED', 'The apiserver lets these credentials list nothing.')
  for (const resource of [...(first === undefined ? [] : [first]), ...core.filter((one) => one !== first)]) {
    try {
      await headOf(client, resource, signal)
      return resource
    } catch (error) {
      if (!isRefusal(error)) throw error
      failure = error
    }
  }
  throw failure
}

function isRefusal(error: unknown): boolean {
  return error instanceof ScopeError && (error.code === 'PERMISSION_DENIED' || error.code === 'NOT_FOUND')
}

/** Runs `work` over all items, at most `width` at once; the first failure is the whole's. */
async function inTurns<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const lane = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  return results
}
