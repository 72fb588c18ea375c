import { Etcd3 } from 'etcd3'
import { decodeObject, isJsonObject } from '../kubernetes/decodeObject'
import type { ObjectStore } from './kube/objectStore'
import type { KubeObject } from './kube/objects'

/** Takes up the objects that an earlier run left in its cluster; answers how many. Events are left to their leases. */
export async function adoptObjects(endpoints: readonly string[], objects: ObjectStore): Promise<number> {
  const client = new Etcd3({
    hosts: [...endpoints],
    grpcOptions: { 'grpc.max_receive_message_length': 64 * 1024 * 1024 },
    defaultCallOptions: () => ({ deadline: Date.now() + 10_000 }),
  })
  try {
    const { kvs } = await client.kv.range({ key: Buffer.from('/registry/'), range_end: Buffer.from('/registry0') })
    for (const { key, value } of kvs) {
      if (key.toString().startsWith('/registry/events/')) continue
      const { object } = decodeObject(value)
      if (isObject(object)) objects.adopt(object)
    }
    return objects.size
  } finally {
    client.close()
  }
}

/** The demo wrote it itself; what has a kind, a name and a uid is one of its objects. */
function isObject(object: unknown): object is KubeObject {
  if (!isJsonObject(object) || !isJsonObject(object.metadata)) return false
  return typeof object.kind === 'string' && typeof object.metadata.name === 'string' && 'uid' in object.metadata
}
