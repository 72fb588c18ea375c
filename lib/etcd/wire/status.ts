import { hexOfId } from '../../core/int64'
import { emptyHeader, type ResponseHeader, readHeader } from './header'
import { Reader } from './reader'

/** Maintenance.Status: answered by the member alone, without quorum, so it is no health check. */
export interface StatusResponse {
  readonly header: ResponseHeader
  /** Server version, e.g. `3.5.30`. */
  readonly version: string
  readonly dbSizeBytes: number
  /** 0 on servers before 3.4. */
  readonly dbSizeInUseBytes: number
  /** Hex member id of the leader; `0` when the member knows none. */
  readonly leaderId: string
  readonly raftIndex: bigint
  readonly raftTerm: bigint
  readonly raftAppliedIndex: bigint
  readonly errors: readonly string[]
  readonly isLearner: boolean
  /** 3.6 and newer; empty before. */
  readonly storageVersion: string
  /** 3.6 and newer (wrong before 3.6.6); null before. */
  readonly dbSizeQuotaBytes: number | null
  readonly downgrade: { readonly enabled: boolean; readonly targetVersion: string } | null
}

export function decodeStatusResponse(bytes: Uint8Array): StatusResponse {
  const reader = new Reader(bytes)
  const errors: string[] = []
  const status = {
    header: emptyHeader,
    version: '',
    dbSizeBytes: 0,
    dbSizeInUseBytes: 0,
    leaderId: '0',
    raftIndex: 0n,
    raftTerm: 0n,
    raftAppliedIndex: 0n,
    errors,
    isLearner: false,
    storageVersion: '',
    dbSizeQuotaBytes: null as number | null,
    downgrade: null as StatusResponse['downgrade'],
  }
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) status.header = readHeader(reader)
    else if (tag === 0x12) status.version = reader.string()
    else if (tag === 0x18) status.dbSizeBytes = reader.size()
    else if (tag === 0x20) status.leaderId = hexOfId(reader.uint64())
    else if (tag === 0x28) status.raftIndex = reader.uint64()
    else if (tag === 0x30) status.raftTerm = reader.uint64()
    else if (tag === 0x38) status.raftAppliedIndex = reader.uint64()
    else if (tag === 0x42) errors.push(reader.string())
    else if (tag === 0x48) status.dbSizeInUseBytes = reader.size()
    else if (tag === 0x50) status.isLearner = reader.bool()
    else if (tag === 0x5a) status.storageVersion = reader.string()
    else if (tag === 0x60) status.dbSizeQuotaBytes = reader.size()
    else if (tag === 0x6a) status.downgrade = readDowngrade(reader)
    else reader.skip(tag)
  }
  return status
}

function readDowngrade(reader: Reader): { enabled: boolean; targetVersion: string } {
  let enabled = false
  let targetVersion = ''
  const outer = reader.enter()
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) enabled = reader.bool()
    else if (tag === 0x12) targetVersion = reader.string()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return { enabled, targetVersion }
}
