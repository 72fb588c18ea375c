import { branchesOf } from './keyName'

/**
 * Of the open branches those that can be seen: inside the shown root and with every branch around them open. They
 * are asked for at once, not one after the other's answer. Branches whose names are not text are asked for as they are.
 */
export function branchesToAsk(open: readonly string[], base: string): readonly string[] {
  const set = new Set(open)
  return [...set].filter((id) => {
    if (!id.endsWith('/')) return id.startsWith('base64:')
    if (!id.startsWith(base) || id === base) return false
    return branchesOf(id).every((around) => around.length <= base.length || around === id || set.has(around))
  })
}
