'use client'

import { useState } from 'react'
import { useUrlList } from '../../../../_client/useUrlState'

/** An address carries as many; more stay in this page only. */
const MOST_IN_ADDRESS = 12
const LONGEST_ADDRESS = 1500
/** Every branch closed, in the address: an absent list means "as the page likes". */
const NONE = '-'

/** Which branches are open. `atStart` holds until something is opened or closed by hand. */
export function useOpenBranches(atStart: readonly string[]) {
  const [listed, setListed] = useUrlList('open')
  const [many, setMany] = useState<readonly string[] | null>(null)
  const open = many ?? (listed.length === 0 ? atStart : listed.filter((id) => id !== NONE))
  const set = (next: readonly string[]) => {
    const fits = next.length <= MOST_IN_ADDRESS && next.join(',').length <= LONGEST_ADDRESS
    setMany(fits ? null : next)
    setListed(fits ? (next.length === 0 ? [NONE] : next) : [], 'replace')
  }
  const change = (id: string, isOpen: boolean) =>
    set(isOpen ? [...open.filter((one) => one !== id), id] : open.filter((one) => one !== id))
  return { open, change } as const
}
