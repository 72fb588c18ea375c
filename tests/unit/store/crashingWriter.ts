import { writeSync } from 'node:fs'
import { systemClock } from '../../../lib/core/clock'
// Not the index: Prisma, which only readers need, would take most of this process's short life to load.
import { openWriter } from '../../../lib/store/sqlite/writer'
import { seededRandom } from '../../support/seededRandom'
import { changesOfRevision } from './crashModel'

/**
 * Started by the crash test in a process of its own: appends whole revisions from the cursor on, as fast as it can,
 * and prints the cursor after each acknowledged batch, until it is killed. Arguments: database URL, seed, owner.
 */
const [databaseUrl = '', seed = '1', owner = 'child'] = process.argv.slice(2)
const random = seededRandom(Number(seed))
const writer = await openWriter({ databaseUrl, clock: systemClock })
const cluster = await writer.ensureCluster('prod', 'etcd', false)
// A lease that ends at once: the next process need not wait for the one that was killed.
const ownership = await writer.acquire(cluster, owner, 0, Date.now())
if (ownership === null) throw new Error('the lease was refused')

for (let { revision: through } = await writer.cursor(cluster); ; ) {
  const last = through + 1n + BigInt(Math.floor(random() * 40))
  const changes = []
  for (let revision = through + 1n; revision <= last; revision++) changes.push(...changesOfRevision(revision))
  await writer.append({ cluster, epoch: 1, ownership, changes, through: last })
  through = last
  writeSync(1, `${through}\n`)
}
