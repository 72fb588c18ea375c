import type { Member } from '../../../../../lib/contract'

/** Members as people call them, in one order on all parts of the screen. Pure. */

/** What charts need of a member. It stays the same object while the figures beside it move each second. */
export type NamedMember = Pick<Member, 'id' | 'name'>

/** A member that was added but never started has no name yet. */
export function memberName(member: NamedMember): string {
  return member.name === '' ? member.id : member.name
}

/** By name, numbers by value: the order fixes the colours, so it must not depend on who leads. */
export function inOrder<T extends NamedMember>(members: readonly T[]): readonly T[] {
  return [...members].sort((a, b) => memberName(a).localeCompare(memberName(b), 'en', { numeric: true }))
}

const LEGEND_CHARS = 9

/**
 * What tells the members apart: `etcd-eu-1a`, `etcd-eu-1b` become `1a`, `1b`. Only where the names are too long for
 * a legend, share a head up to a separator, and two characters remain.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  const [first = '', ...rest] = names
  if (rest.length === 0 || names.every((name) => name.length <= LEGEND_CHARS)) return names
  let shared = 0
  while (shared < first.length && rest.every((name) => name[shared] === first[shared])) shared++
  const head = Math.max(...['-', '.', '_'].map((separator) => first.lastIndexOf(separator, shared - 1))) + 1
  const cut = names.map((name) => name.slice(head))
  return head > 0 && cut.every((name) => name.length >= 2) ? cut : names
}
