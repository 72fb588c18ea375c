import { randomUUID } from 'node:crypto'
import { compilePolicy } from '../../lib/alerts/notify/addressRules'
import { systemResolve } from '../../lib/alerts/notify/checkedTarget'
import { createDeliver } from '../../lib/alerts/notify/deliver'
import { loadChannels } from '../../lib/alerts/notify/loadChannels'
import { startNotifier } from '../../lib/alerts/notify/startNotifier'
import { channelInput } from '../../lib/contract'
import { systemClock } from '../../lib/core/clock'
import { openNotifyStore, openReader } from '../../lib/store'

/** A notifier as a process of its own, for tests that kill it: database URL, webhook URL, owner and token of the lease. */
const [databaseUrl = '', url = '', owner = '', token = '0'] = process.argv.slice(2)
const reader = await openReader({ databaseUrl })
const writer = await openNotifyStore({ databaseUrl, clock: systemClock })
const hook = channelInput.parse({ name: 'hook', target: { kind: 'webhook', url }, groupIntervalMs: 0 })
const check = compilePolicy({ allowPrivate: true, allow: [] })
startNotifier({
  reader,
  writer,
  loadChannels: () => loadChannels(reader, new Uint8Array(32), [hook]),
  deliver: createDeliver({ check, resolve: systemResolve, timeoutMs: 2_000, nowMs: Date.now, ca: null }),
  ownership: () => ({ owner, token: BigInt(token) }),
  externalUrl: 'http://etcdscope.test',
  clock: systemClock,
  random: Math.random,
  newKey: randomUUID,
  log: (message) => process.stderr.write(`${message}\n`),
})
