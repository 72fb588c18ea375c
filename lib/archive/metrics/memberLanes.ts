import type { Scrape } from '../../collector/members/scrape'
import type { MemberStretch } from '../../store'
import type { ImportedMember } from './targetScrapes'

/** What each member was, from `up`, is_leader, is_learner and has_leader; terms are in no metric and stay unknown. */

/** Looks farther apart are two observations. */
const pausedAfterMs = 300_000

export class MemberLane {
  readonly stretches: MemberStretch[] = []
  readonly #member: ImportedMember

  constructor(member: ImportedMember) {
    this.#member = member
  }

  take({ atMs, series }: Scrape): void {
    const values = new Map([...series.values()].map(({ metric, value }) => [metric, value]))
    const state = stateOf(values)
    if (state === null) return
    const last = this.stretches.at(-1)
    if (last !== undefined && last.state === state && atMs - last.toMs <= pausedAfterMs) {
      this.stretches[this.stretches.length - 1] = { ...last, toMs: atMs }
      return
    }
    this.stretches.push({
      memberId: this.#member.id,
      name: this.#member.name,
      state,
      term: null,
      fromMs: atMs,
      toMs: atMs,
    })
  }
}

/** Null where the scrape says nothing of it. */
function stateOf(values: ReadonlyMap<string, number>): MemberStretch['state'] | null {
  if (values.get('up') === 0) return 'down'
  const [leads, follows] = [values.get('etcd_server_is_leader'), values.get('etcd_server_has_leader')]
  if (leads === undefined && follows === undefined) return null
  if (follows === 0) return 'no-leader'
  if (leads === 1) return 'leader'
  return values.get('etcd_server_is_learner') === 1 ? 'learner' : 'follower'
}
