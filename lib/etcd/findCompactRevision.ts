import { ScopeError } from '../core/errors'
import { RevisionCompactedError } from './callFailure'
import type { CallOptions, MemberConnection } from './memberConnection'
import { wholeKeyspace } from './wholeKeyspace'

/**
 * Up to which revision history is gone; 0n when it was never compacted. etcd has no call for it: a read at revision 1
 * tells whether, and a watch from revision 1 is canceled with the number.
 */
export async function findCompactRevision(connection: MemberConnection, call: CallOptions = {}): Promise<bigint> {
  try {
    const key = new Uint8Array(1)
    await connection.range({ key, rangeEnd: new Uint8Array(0), revision: 1n, countOnly: true }, call)
    return 0n
  } catch (error) {
    if (!(error instanceof RevisionCompactedError)) throw error
  }
  const deadline = AbortSignal.timeout(call.deadlineMs ?? 10_000)
  const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline
  return await new Promise<bigint>((resolve, reject) => {
    const opening = connection.openWatch({
      onResponse: (response) => {
        if (response.canceled && response.compactRevision > 0n) done(() => resolve(response.compactRevision))
        else if (response.canceled) done(() => reject(new ScopeError('PERMISSION_DENIED', response.cancelReason)))
      },
      onEnd: (error) => done(() => reject(error)),
    })
    const done = (settle: () => void) => {
      signal.removeEventListener('abort', giveUp)
      opening.then((stream) => stream.close(), reject)
      settle()
    }
    const giveUp = () => {
      const sentence = `${connection.endpoint} did not tell its compact revision in time.`
      done(() => reject(new ScopeError('UNREACHABLE', sentence)))
    }
    signal.addEventListener('abort', giveUp, { once: true })
    opening.then((stream) => {
      stream.send({
        create: { ...wholeKeyspace, startRevision: 1n, progressNotify: false, fragment: true, watchId: 1n },
      })
    }, reject)
  })
}
