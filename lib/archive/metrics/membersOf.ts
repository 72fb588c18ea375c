import { clusterSnapshot } from '../../contract'
import type { ClusterRow } from '../../store'
import type { ImportedMember } from './targetScrapes'

/**
 * Which member a target is: by the id that its process told, else by the address, the host or the name of a member
 * that the record knows. One that is none of these keeps its target as its name, and as its id where it told none.
 */
export function membersOf(
  targets: ReadonlyMap<string, string | null>,
  row: ClusterRow | null,
): Map<string, ImportedMember> {
  const document = clusterSnapshot.safeParse(row?.snapshot?.document)
  const known = document.success ? document.data.members : []
  const found = new Map<string, ImportedMember>()
  for (const [target, id] of targets) {
    const place = placeOf(target)
    const matches = [
      known.find((member) => member.id === id),
      known.find(({ clientUrls }) => clientUrls.some((url) => placeOf(url)?.host === place?.host && place !== null)),
      only(
        known.filter(({ clientUrls }) =>
          clientUrls.some((url) => placeOf(url)?.name === place?.name && place !== null),
        ),
      ),
      known.find(({ name }) => name === target || name === place?.name),
    ]
    const member = matches.find((one) => one !== undefined)
    found.set(target, member === undefined ? { id: id ?? target, name: target } : { id: member.id, name: member.name })
  }
  return found
}

function placeOf(address: string): { host: string; name: string } | null {
  const url = /^[a-z]+:\/\//.test(address) ? address : `http://${address}`
  if (!URL.canParse(url)) return null
  const { host, hostname } = new URL(url)
  return { host, name: hostname }
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined
}
