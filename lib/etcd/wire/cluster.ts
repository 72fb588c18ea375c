import { hexOfId } from '../../core/int64'
import { emptyHeader, type ResponseHeader, readHeader } from './header'
import { Reader } from './reader'
import { Writer } from './writer'

/** Cluster.MemberList. A member that was added but never started has an empty name and no client URLs. */
export interface ClusterMember {
  readonly id: string
  readonly name: string
  readonly peerUrls: readonly string[]
  readonly clientUrls: readonly string[]
  readonly isLearner: boolean
}

export interface MemberListResponse {
  readonly header: ResponseHeader
  readonly members: readonly ClusterMember[]
}

/** `linearizable` needs quorum (3.5 and newer know it); without it a member answers from what it knows. */
export function encodeMemberListRequest(request: { readonly linearizable: boolean }): Buffer {
  return new Writer().bool(1, request.linearizable).finish()
}

export function decodeMemberListResponse(bytes: Uint8Array): MemberListResponse {
  const reader = new Reader(bytes)
  let header = emptyHeader
  const members: ClusterMember[] = []
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) header = readHeader(reader)
    else if (tag === 0x12) members.push(readMember(reader))
    else reader.skip(tag)
  }
  return { header, members }
}

function readMember(reader: Reader): ClusterMember {
  let id = 0n
  let name = ''
  let isLearner = false
  const peerUrls: string[] = []
  const clientUrls: string[] = []
  const outer = reader.enter()
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) id = reader.uint64()
    else if (tag === 0x12) name = reader.string()
    else if (tag === 0x1a) peerUrls.push(reader.string())
    else if (tag === 0x22) clientUrls.push(reader.string())
    else if (tag === 0x28) isLearner = reader.bool()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return { id: hexOfId(id), name, peerUrls, clientUrls, isLearner }
}
