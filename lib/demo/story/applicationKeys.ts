import type { Timers } from '../controllers/timers'
import type { EtcdWriter } from '../etcdWriter'
import type { Random } from '../random'

/** Keys of applications that use etcd directly, beside Kubernetes: configuration, flags, locks, sessions, counters. */
export interface ApplicationKeys {
  step(): void
}

const services = ['storefront', 'checkout', 'payments', 'search']
const flags = ['new-checkout', 'dark-mode', 'fast-search', 'loyalty-points']
const lockNames = ['invoice-run', 'reindex', 'price-import']

export function createApplicationKeys(options: {
  writer: EtcdWriter
  random: Random
  timers: Timers
  nowMs: () => number
}): ApplicationKeys {
  const { writer, random, timers, nowMs } = options
  const configs = new Map(services.map((name) => [name, firstConfig(name, random)]))
  const flagState = new Map(flags.map((name) => [name, random.chance(0.5)]))
  let orders = 1000 + random.whole(0, 500)

  const putConfig = (name: string) =>
    writer.put(`/app/config/${name}.json`, `${JSON.stringify(configs.get(name), null, 2)}\n`)
  const putFlag = (name: string) => writer.put(`/app/feature-flags/${name}`, String(flagState.get(name)))

  /** Writes under a lease of its own; while the cluster has no leader such a key simply does not come into being. */
  const putLeased = (key: string, value: string, ttlSeconds: number) => {
    writer.grant(ttlSeconds).then(
      (leaseId) => writer.put(key, value, leaseId),
      () => undefined,
    )
  }

  for (const name of services) putConfig(name)
  for (const name of flags) putFlag(name)
  writer.put('/app/motd', 'Welcome to the demo shop.\nEverything here is made up.\n')
  writer.put('/app/counters/orders', String(orders))

  return {
    step() {
      if (timers.due('app/order', 900)) {
        orders += random.whole(1, 4)
        writer.put('/app/counters/orders', String(orders))
      }
      if (timers.due('app/config', 11_000)) {
        const name = random.pick(services)
        editConfig(configs.get(name), random)
        putConfig(name)
      }
      if (timers.due('app/flag', 17_000)) {
        const name = random.pick(flags)
        flagState.set(name, !flagState.get(name))
        putFlag(name)
      }
      // A program that saves the same settings over and over: the hot loop that a ledger should find.
      if (timers.due('app/hot-loop', 2_500)) putConfig('search')
      if (timers.due('app/session', 1_500)) {
        const id = random.uuid()
        const session = { user: `shopper-${random.whole(1, 400)}`, since: new Date(nowMs()).toISOString() }
        putLeased(`/app/sessions/${id}`, JSON.stringify(session), 20)
      }
      if (timers.due('app/lock', 6_000)) {
        const name = random.pick(lockNames)
        const holder = `worker-${random.whole(1, 4)}`
        putLeased(`/locks/${name}`, JSON.stringify({ holder, token: random.suffix(8) }), 10)
      }
      if (timers.due('app/motd', 90_000)) {
        writer.put('/app/motd', `Welcome to the demo shop.\nToday's code: ${random.suffix(6)}\n`)
      }
      // A bloom filter: bytes that are neither text nor JSON.
      if (timers.due('app/bloom', 40_000)) {
        writer.put('/app/cache/seen.bloom', Buffer.from(Array.from({ length: 256 }, () => random.whole(0, 255))))
      }
    },
  }
}

interface Config {
  service: string
  pool: { min: number; max: number }
  timeoutMs: number
  features: string[]
  rates: Record<string, number>
}

function firstConfig(service: string, random: Random): Config {
  return {
    service,
    pool: { min: 2, max: random.whole(8, 20) },
    timeoutMs: random.whole(4, 20) * 250,
    features: ['search', 'wishlist'],
    rates: { perSecond: random.whole(20, 80), burst: 200 },
  }
}

function editConfig(config: Config | undefined, random: Random): void {
  if (config === undefined) return
  const edit = random.whole(0, 3)
  if (edit === 0) config.pool.max = random.whole(8, 40)
  else if (edit === 1) config.timeoutMs = random.whole(4, 20) * 250
  else if (edit === 2) config.rates.perSecond = random.whole(20, 120)
  else {
    const feature = random.pick(['wishlist', 'reviews', 'gift-cards'])
    config.features = config.features.includes(feature)
      ? config.features.filter((name) => name !== feature)
      : [...config.features, feature]
  }
}
