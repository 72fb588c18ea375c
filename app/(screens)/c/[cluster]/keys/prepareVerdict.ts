import { formatBytes, plural } from '../../../../_client/format'
import type { Level } from './keysQueries'
import { levelTotals } from './prepareTree'

/** What the screen says first: how much there is. Lower bounds are said to be ones. */
export function keysSentence(level: Level, prefix: string): string {
  const { keys, valueBytes, more } = levelTotals(level)
  const under = prefix === '' ? '' : ` under ${prefix}`
  if (keys === 0) return prefix === '' ? 'No keys' : `No key starts with ${prefix}`
  const bytes = `${formatBytes(valueBytes)} of values`
  return more ? `More than ${plural(keys, 'key')}, ${bytes}${under}` : `${plural(keys, 'key')}, ${bytes}${under}`
}
