import { formatNumber } from '../_client/format'

/**
 * A value axis: from zero (or a power of ten on a log axis), three to five round ticks, the unit once, on the top
 * tick. Pure.
 */

export interface ValueTick {
  readonly value: number
  readonly label: string
}

export interface ValueAxis {
  readonly low: number
  readonly high: number
  readonly log: boolean
  /** What to print beside the title: "ms", "MiB". Empty for plain counts. */
  readonly unit: string
  /** What one printed unit is in the series' own unit: 0.001 for ms of seconds. */
  readonly scale: number
  readonly ticks: readonly ValueTick[]
  /** 0 at the bottom, 1 at the top; clamped. */
  readonly place: (value: number) => number
  /** The value at a place; the inverse of `place` within the axis. */
  readonly valueAt: (place: number) => number
}

interface Printed {
  readonly unit: string
  readonly scale: number
}

/** The unit to print an axis or a legend in, chosen by its largest value. */
export function printedUnit(unit: string, high: number, log = false): Printed {
  switch (unit) {
    case 'bytes':
    case 'bytes/s': {
      const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, high)) / 10)))
      const name = ['B', 'KiB', 'MiB', 'GiB', 'TiB'][power] ?? 'B'
      return { unit: unit === 'bytes' ? name : `${name}/s`, scale: 1024 ** power }
    }
    case 'seconds':
      // A log axis shows milliseconds and seconds at once: whole numbers of ms read better than 0.001 s.
      return high < 1 || (log && high < 100) ? { unit: 'ms', scale: 0.001 } : { unit: 's', scale: 1 }
    case '1/s':
      return { unit: '/s', scale: 1 }
    case 'ratio':
      return { unit: '%', scale: 0.01 }
    default:
      return { unit: '', scale: 1 }
  }
}

/** The next number at or above that reads round: 1, 2, 2.5, 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const lead = [1, 2, 2.5, 5, 10].find((m) => m * power >= value * 0.999999) ?? 10
  return lead * power
}

function linear(high: number, printed: Printed, count: number, whole: boolean): ValueAxis {
  const target = high <= 0 ? 1 : high / printed.scale
  let step = roundUp(target / Math.max(1, count))
  if (whole && step < 1) step = 1
  const steps = Math.max(1, Math.ceil((target / step) * 0.999999))
  const top = step * steps
  const ticks = Array.from({ length: steps + 1 }, (_, i) => ({
    value: i * step * printed.scale,
    label: formatNumber(i * step),
  }))
  const highValue = top * printed.scale
  return {
    low: 0,
    high: highValue,
    log: false,
    ...printed,
    ticks,
    place: (value) => Math.min(1, Math.max(0, value / highValue)),
    valueAt: (place) => place * highValue,
  }
}

/** From a power of ten up to a little over the highest value, so that the top tick may stand below a spike. */
function logarithmic(low: number, high: number, printed: Printed): ValueAxis {
  const power = (value: number) => Math.log10(Math.max(value / printed.scale, 1e-6))
  const lowPower = Math.floor(power(low))
  const highPower = Math.max(lowPower + 1, power(high) + 0.15)
  const ticks: ValueTick[] = []
  // Under two decades, powers of ten alone are too few to read by.
  const leads = highPower - lowPower < 2 ? [1, 2, 5] : [1]
  for (let p = lowPower; p <= highPower; p++) {
    for (const lead of leads.filter((one) => p + Math.log10(one) <= highPower)) {
      ticks.push({ value: lead * 10 ** p * printed.scale, label: formatNumber(lead * 10 ** p) })
    }
  }
  return {
    low: 10 ** lowPower * printed.scale,
    high: 10 ** highPower * printed.scale,
    log: true,
    ...printed,
    ticks,
    place: (value) => (value <= 0 ? 0 : Math.min(1, Math.max(0, (power(value) - lowPower) / (highPower - lowPower)))),
    valueAt: (place) => 10 ** (lowPower + place * (highPower - lowPower)) * printed.scale,
  }
}

export interface AxisWish {
  readonly unit: string
  /** Largest value to show; thresholds count when they are near. */
  readonly high: number
  /** Smallest value above zero; used on a log axis. */
  readonly low?: number | undefined
  readonly log?: boolean | undefined
  readonly heightPx: number
}

export function prepareAxis({ unit, high, low, log, heightPx }: AxisWish): ValueAxis {
  const printed = printedUnit(unit, high, log)
  if (log === true) return logarithmic(low ?? high / 1000, high, printed)
  return linear(high, printed, Math.min(4, Math.max(1, Math.floor(heightPx / 30))), unit === 'count' || unit === '')
}

/** A value in the axis' printed unit, without the unit: for legends under a title that names it. */
export function formatInUnit(value: number, axis: ValueAxis): string {
  return formatNumber(value / axis.scale)
}
