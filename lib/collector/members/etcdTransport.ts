import type { ClusterSettings } from '../../config/settings'
import {
  connectMember,
  hasFix,
  linearizableRead,
  type MemberConnection,
  type StatusResponse,
  scrapeMetrics,
} from '../../etcd'
import type { MemberSource, MemberTransport, StatusAnswer } from './memberTransport'
import { wantedFamilies } from './wantedMetrics'

/** The member watch's transport on lib/etcd. */

/** A HashKV walks the whole keyspace on the member: seconds on a large one. */
const hashDeadlineMs = 60_000
const memberListDeadlineMs = 2_000
/** A scrape answers within milliseconds; one that does not is over before the next is due. */
const scrapeDeadlineMs = 3_000
/** gRPC's own deadline comes after ours, which knows how late it fires itself. */
const deadlineSlackMs = 1_000

export function etcdTransport(settings: ClusterSettings): MemberTransport {
  return {
    connect: (endpoint) => new EtcdSource(endpoint, settings),
    scrape: (baseUrl, signal) =>
      scrapeMetrics(baseUrl, settings.tls, { deadlineMs: scrapeDeadlineMs, signal, wanted: wantedFamilies }),
  }
}

class EtcdSource implements MemberSource {
  readonly #endpoint: string
  readonly #settings: ClusterSettings
  #connection: MemberConnection | null = null

  constructor(endpoint: string, settings: ClusterSettings) {
    this.#endpoint = endpoint
    this.#settings = settings
  }

  async status(deadlineMs: number): Promise<StatusAnswer> {
    const connection = this.#open()
    try {
      return statusAnswer(await connection.status({ deadlineMs: deadlineMs + deadlineSlackMs }))
    } catch (error) {
      // Status is answered by the member alone, so it is the connection that failed. A new one tries at once, where
      // the old one would wait out its growing back-off: a member that is back is seen with the next question.
      if (this.#connection === connection) this.#connection = null
      connection.close()
      throw error
    }
  }

  async memberList() {
    return (await this.#open().memberList({ deadlineMs: memberListDeadlineMs })).members
  }

  async hashKv(revision: bigint, signal: AbortSignal) {
    return await this.#open().hashKv(revision, { deadlineMs: hashDeadlineMs, signal })
  }

  async linearizableRead(deadlineMs: number) {
    await linearizableRead(this.#open(), { deadlineMs })
  }

  close() {
    this.#connection?.close()
    this.#connection = null
  }

  #open(): MemberConnection {
    this.#connection ??= connectMember(this.#endpoint, this.#settings)
    return this.#connection
  }
}

/** Status names the quota from 3.6.0 on, but rightly only from 3.6.6 on. */
const quotaIsRight = (version: string) => hasFix(version, ['3.6.6'])

function statusAnswer(response: StatusResponse): StatusAnswer {
  const { header, leaderId, dbSizeInUseBytes, dbSizeQuotaBytes, ...rest } = response
  return {
    ...rest,
    clusterId: header.clusterId,
    memberId: header.memberId,
    revision: header.revision,
    leader: leaderId === '0' ? null : leaderId,
    dbSizeInUseBytes: dbSizeInUseBytes === 0 ? null : dbSizeInUseBytes,
    quotaBytes: quotaIsRight(response.version) ? dbSizeQuotaBytes : null,
  }
}
