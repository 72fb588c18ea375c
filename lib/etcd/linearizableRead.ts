import type { CallOptions, MemberConnection } from './memberConnection'
import type { ResponseHeader } from './wire/header'

/**
 * The health check: a read that needs a leader and a quorum, unlike `status`, which a cut-off member answers alone.
 * Its header holds the cluster's true head revision at some moment during the call.
 */
export async function linearizableRead(connection: MemberConnection, call?: CallOptions): Promise<ResponseHeader> {
  const oneKey = { key: new Uint8Array(1), rangeEnd: new Uint8Array(0), countOnly: true }
  return (await connection.range(oneKey, call)).header
}
