import { badSetting } from './badSetting'
import type { ConfigRetention } from './configSchema'
import type { RetentionSettings } from './settings'

/** Ages and a size as people write them in the file. */

const hourMs = 3_600_000
const unitMs = { h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs, y: 365 * 24 * hourMs } as const
const unitBytes = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const
/** The same bounds as of a policy set on the screen. */
const maxKeptMs = 100 * 366 * 24 * hourMs
const minDatabaseBytes = 16 * 2 ** 20

/** A class that is not named is kept for ever. `where`: the place of a setting in the file. */
export function retentionOf(
  written: ConfigRetention | undefined,
  where: (...path: string[]) => string,
): RetentionSettings | null {
  if (written === undefined) return null
  const age = (name: 'heartbeats' | 'events' | 'status' | 'configuration') => {
    const ageMs = keptMs(written[name] ?? 'forever')
    if (ageMs !== undefined) return ageMs
    throw badSetting(
      where(name),
      `${where(name)} must be an age from 1h to 100y, such as 12h, 7d, 4w or 2y, or forever.`,
    )
  }
  return {
    heartbeatsMs: age('heartbeats'),
    eventsMs: age('events'),
    statusMs: age('status'),
    configurationMs: age('configuration'),
    maxDatabaseBytes: sizeOf(written.maxDatabaseSize, () => where('maxDatabaseSize')),
  }
}

/** Undefined when it is written another way or out of bounds. */
function keptMs(text: string): number | null | undefined {
  if (text === 'forever') return null
  const match = /^(\d{1,7})([hdwy])$/.exec(text)
  const keptFor = match === null ? 0 : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]
  return keptFor >= hourMs && keptFor <= maxKeptMs ? keptFor : undefined
}

function sizeOf(text: string | undefined, where: () => string): number | null {
  if (text === undefined) return null
  const match = /^(\d{1,6})(MiB|GiB|TiB)$/.exec(text)
  const bytes = match === null ? 0 : Number(match[1]) * unitBytes[match[2] as keyof typeof unitBytes]
  if (bytes >= minDatabaseBytes && bytes <= Number.MAX_SAFE_INTEGER) return bytes
  throw badSetting(where(), `${where()} must be a size from 16MiB on, such as 500MiB or 20GiB.`)
}
