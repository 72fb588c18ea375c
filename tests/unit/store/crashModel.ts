import type { ChangeInput } from '../../../lib/store'
import { bytes, change } from './recordFixture'

/** One to five changes, the same for a revision in every process; each key is written once. */
export function changesOfRevision(revision: bigint): ChangeInput[] {
  return Array.from({ length: Number(revision % 5n) + 1 }, (_, ordinal) =>
    change({
      revision,
      ordinal,
      key: bytes(`/crash/${revision}/${ordinal}`),
      value: bytes(`${'the value of a key that was written just before the end '.repeat(5)}${revision}.${ordinal}`),
    }),
  )
}
