import { Etcd3 } from 'etcd3'
import { bytesOf, seededRandom } from './seededRandom'

/**
 * Writes a seeded mix of everything that etcd can do to keys: puts, deletes, range deletes, transactions over several
 * keys, leases (revoked and expiring), empty values, keys and values that are not UTF-8. `operations` calls, a few of
 * them at once.
 */
export async function writeSeededLoad(
  endpoints: readonly string[],
  options: { seed: number; operations: number; prefix?: string; leases?: boolean },
): Promise<void> {
  const { operations, prefix = 'load/' } = options
  const random = seededRandom(options.seed)
  const client = new Etcd3({ hosts: [...endpoints] })
  const keyOf = (n: number) =>
    n % 17 === 0
      ? Buffer.concat([Buffer.from(prefix), Buffer.from([0xff, 0xfe, n % 256])])
      : Buffer.from(`${prefix}${n % 7}/k${n}`)
  const anyKey = () => keyOf(Math.floor(random() * 120))
  const anyValue = () => (random() < 0.05 ? Buffer.alloc(0) : bytesOf(random, Math.floor(random() * 400)))
  try {
    let leaseId: string | null = null
    for (let done = 0; done < operations; ) {
      // Short enough to expire during the test, long enough for a slow machine to use it once.
      if (options.leases !== false) leaseId = await client.lease(5, { autoKeepAlive: false }).grant()
      const group: Promise<unknown>[] = []
      for (let i = 0; i < 50 && done < operations; i++, done++) {
        const dice = random()
        if (dice < 0.7) group.push(client.put(anyKey()).value(anyValue()).exec())
        else if (dice < 0.82) group.push(client.delete().key(anyKey()).exec())
        else if (dice < 0.9) {
          const keys = [...new Set([anyKey(), anyKey(), anyKey()].map((k) => k.toString('latin1')))]
          const [first, ...rest] = keys.map((k) => Buffer.from(k, 'latin1'))
          if (first !== undefined) {
            const puts = [first, ...rest].map((k) => client.put(k).value(anyValue()))
            group.push(
              client
                .if('never/there', 'Create', '==', 0)
                .then(...puts)
                .commit(),
            )
          }
        } else if (dice < 0.95)
          group.push(
            client
              .delete()
              .prefix(`${prefix}${Math.floor(random() * 7)}/`)
              .exec(),
          )
        else if (leaseId !== null) {
          group.push(client.put(`${prefix}leased/${done}`).value('short-lived').lease(leaseId).exec())
        }
      }
      await Promise.all(group)
    }
  } finally {
    client.close()
  }
}
