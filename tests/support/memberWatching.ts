import { type MembersView, type MemberWatch, startMembers } from '../../lib/collector/members'
import type { ClusterSettings } from '../../lib/config/settings'
import type { Member } from '../../lib/contract'
import { systemClock } from '../../lib/core/clock'
import type { EtcdCluster } from './etcdServer'
import { createFakeWriter, type FakeWriter } from './fakeWriter'
import { until } from './until'

/** A member watch on a real cluster, writing into memory. */
export interface Watching {
  readonly watch: MemberWatch
  readonly writer: FakeWriter
  readonly views: MembersView[]
  readonly logs: string[]
  view(): MembersView
  member(name: string): Member
  /** Waits until every member is healthy and one leads. */
  settled(): Promise<void>
}

export function watchMembers(
  cluster: EtcdCluster,
  overrides: Partial<ClusterSettings> = {},
  writer: FakeWriter = createFakeWriter(),
): Watching {
  const views: MembersView[] = []
  const logs: string[] = []
  const settings: ClusterSettings = {
    name: 'test',
    endpoints: cluster.endpoints,
    tls: null,
    auth: null,
    metricsUrls: [],
    statusIntervalMs: 500,
    metricsIntervalMs: 1_000,
    hashIntervalMs: 1_500,
    kubernetesPrefixes: [],
    demo: false,
    ...overrides,
  }
  const watch = startMembers({
    settings,
    cluster: { id: 1, name: 'test' },
    writer,
    clock: systemClock,
    log: (message) => logs.push(message),
    onView: (view) => views.push(view),
  })
  const view = () => {
    const now = watch.view()
    if (now === null) throw new Error(`No look yet; the log says: ${logs.join(' | ') || 'nothing'}`)
    return now
  }
  const member = (name: string) => {
    const found = view().members.find((m) => m.name === name)
    if (found === undefined) throw new Error(`No member ${name} in ${view().members.map((m) => m.name)}`)
    return found
  }
  const settled = async () => {
    await until(
      'a leader and all members healthy',
      () => {
        const now = watch.view()
        return now !== null && now.leader !== null && now.healthy === true && now.members.every((m) => m.healthy)
      },
      20_000,
    )
  }
  return { watch, writer, views, logs, view, member, settled }
}
