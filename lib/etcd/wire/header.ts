import { hexOfId } from '../../core/int64'
import type { Reader } from './reader'

/** What every answer of etcd starts with: who says so, and how far that member has come. */
export interface ResponseHeader {
  /** Lower-case hex. */
  readonly clusterId: string
  readonly memberId: string
  readonly revision: bigint
  readonly raftTerm: bigint
}

export const emptyHeader: ResponseHeader = { clusterId: '0', memberId: '0', revision: 0n, raftTerm: 0n }

export function readHeader(reader: Reader): ResponseHeader {
  let clusterId = 0n
  let memberId = 0n
  let revision = 0n
  let raftTerm = 0n
  const outer = reader.enter()
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) clusterId = reader.uint64()
    else if (tag === 0x10) memberId = reader.uint64()
    else if (tag === 0x18) revision = reader.int64()
    else if (tag === 0x20) raftTerm = reader.uint64()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return { clusterId: hexOfId(clusterId), memberId: hexOfId(memberId), revision, raftTerm }
}
