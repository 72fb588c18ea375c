import type { InputOf } from '../../lib/contract'

/** What people type into the search field, by how much of it there is. */
type Term = Partial<Pick<InputOf<'changes'>, 'q' | 'significance'>>

const timesEach = 40
const common = ['created', 'pod', 'replicas', 'web', 'Ready', 'nginx', 'shop-prod', 'events', 'Normal Scheduled']
const meant: Term['significance'] = ['spec', 'metadata']

export async function searchTerms(
  anyChange: () => Promise<{ key: string } | null>,
  random: () => number,
): Promise<[kind: string, terms: Term[]][]> {
  /** Generated parts of names: in few keys and summaries, anywhere in the log. */
  const rare: string[] = []
  while (rare.length < timesEach) {
    const name = (await anyChange())?.key.split('/').at(-1) ?? ''
    const part = name.split(/[-.]/).at(-1) ?? ''
    if (/\d/.test(part) && part.length >= 5) rare.push(random() < 0.5 ? part : name)
  }
  const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T
  const terms = (make: (at: number) => Term) => Array.from({ length: timesEach }, (_, at) => make(at))
  return [
    ['common', terms((at) => ({ q: pick(common, at) }))],
    ['rare', terms((at) => ({ q: pick(rare, at) }))],
    ['absent', terms((at) => ({ q: `nowhere-${at}` }))],
    ['common, without noise', terms((at) => ({ q: pick(common, at), significance: meant }))],
    ['rare, without noise', terms((at) => ({ q: pick(rare, at), significance: meant }))],
    ['absent, without noise', terms((at) => ({ q: `nowhere ${at}`, significance: meant }))],
  ]
}
