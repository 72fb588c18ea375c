import { normalUrl } from './memberRoutes'
import type { ListedMember, StatusAnswer } from './memberTransport'
import type { RouteAnswer } from './statusRound'

/** A member after one round: what the member list says of it, and its own answer or why there is none. */
export interface KnownMember extends ListedMember {
  readonly status: StatusAnswer | null
  readonly latencyMs: number | null
  /** Endpoint that answered. */
  readonly endpoint: string | null
  readonly error: string | null
}

export interface Census {
  readonly clusterId: string | null
  readonly members: readonly KnownMember[]
  /** One sentence about endpoints that fit no member; null when there are none. */
  readonly error: string | null
}

/** Joins a round's answers with the member list. Answers of another cluster are left out, and said. Pure. */
export function takeCensus(answers: readonly RouteAnswer[], listed: readonly ListedMember[]): Census {
  const clusterId = mostNamed(answers.flatMap((a) => (a.status === null ? [] : [a.status.clusterId])))
  const foreign = answers.filter((a) => a.status !== null && a.status.clusterId !== clusterId)
  const own = answers.filter((a) => !foreign.includes(a))
  const known = new Set(listed.map((m) => m.id))
  const unlisted = own.flatMap((a) => (a.status !== null && !known.has(a.status.memberId) ? [placeholder(a)] : []))
  const members = [...listed, ...uniqueById(unlisted)].map((member) => withAnswer(member, own))
  return { clusterId, members, error: foreignSentence(foreign, clusterId) ?? strangerSentence(own, members) }
}

function withAnswer(member: ListedMember, answers: readonly RouteAnswer[]): KnownMember {
  const given = answers.filter((a) => a.status?.memberId === member.id)
  const answer = given.find((a) => a.configured) ?? given[0]
  if (answer?.status != null) {
    const { status, latencyMs, endpoint } = answer
    return { ...member, isLearner: status.isLearner, status, latencyMs, endpoint, error: null }
  }
  return { ...member, status: null, latencyMs: null, endpoint: null, error: silence(member, answers) }
}

/** Why a member gave no answer, from the endpoint that is most likely its own. */
function silence(member: ListedMember, answers: readonly RouteAnswer[]): string {
  if (member.clientUrls.length === 0 && member.name === '') return 'It was added to the cluster but has not started yet'
  const urls = new Set(member.clientUrls.map(normalUrl))
  const failed = answers.filter((a) => a.status === null)
  const its = failed.find((a) => a.memberId === member.id) ?? failed.find((a) => urls.has(a.endpoint))
  return its?.error ?? `No endpoint answers for it; it advertises ${[...urls].join(', ') || 'none'}`
}

function placeholder(answer: RouteAnswer): ListedMember {
  const id = answer.memberId ?? ''
  return { id, name: id, clientUrls: [answer.endpoint], peerUrls: [], isLearner: answer.status?.isLearner ?? false }
}

function foreignSentence(foreign: readonly RouteAnswer[], clusterId: string | null): string | null {
  const first = foreign[0]
  if (first?.status == null) return null
  return `${first.endpoint} belongs to cluster ${first.status.clusterId}, the other endpoints to ${clusterId}`
}

/** Configured endpoints that fail and are no member's: nobody else would mention them. */
function strangerSentence(answers: readonly RouteAnswer[], members: readonly KnownMember[]): string | null {
  const explained = new Set(members.map((m) => m.error))
  return answers.find((a) => a.configured && a.status === null && !explained.has(a.error))?.error ?? null
}

function uniqueById(members: readonly ListedMember[]): ListedMember[] {
  return [...new Map(members.map((m) => [m.id, m])).values()]
}

/** The value that most name; the first of equals. */
function mostNamed(values: readonly string[]): string | null {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  let best: string | null = null
  for (const [value, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = value
  return best
}
