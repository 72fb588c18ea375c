import type { DiffAnswer } from '../../../../../lib/contract'

/** The entries of a redacted Secret at two moments: which are equal, and which are not. Pure. */
export interface EntryChange {
  readonly name: string
  /** "1.2 KiB, fingerprint 0f…"; null when the entry is not there. */
  readonly before: string | null
  readonly after: string | null
  readonly state: 'equal' | 'replaced' | 'added' | 'removed'
}

/** Null when either side's entries are not recorded: older records hold the fingerprint of the whole only. */
export function prepareEntries(answer: Pick<DiffAnswer, 'before' | 'after'>): readonly EntryChange[] | null {
  const [old, now] = [entriesOf(answer.before), entriesOf(answer.after)]
  if (old === null || now === null || old.size + now.size === 0) return null
  return [...new Set([...old.keys(), ...now.keys()])].sort().map((name) => {
    const [before, after] = [old.get(name) ?? null, now.get(name) ?? null]
    const state = before === null ? 'added' : after === null ? 'removed' : before === after ? 'equal' : 'replaced'
    return { name, before, after, state }
  })
}

/** The lines under the first; a value that does not exist has no entries, and that is known. */
function entriesOf(printed: string): ReadonlyMap<string, string> | null {
  const lines = printed.split('\n').filter((line) => line !== '')
  if (lines.length === 1) return null
  return new Map(
    lines.slice(1).flatMap((line) => {
      const at = line.indexOf(': ')
      return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 2)]]
    }),
  )
}
