import { badSetting } from './badSetting'
import { alertIntervalBoundsMs, alertIntervalMs } from './clusterDefaults'
import { configChannels } from './configChannels'
import type { ReadConfig } from './configFile'
import { durationMs } from './durations'
import { type Environment, readFlag } from './environment'
import type { AlertSettings, NotifySettings } from './settings'
import { checkCertificate, readNamedFile } from './tlsFiles'

/** The section `alerts` of the YAML file. What a rule means is checked at the start by those who evaluate it. */
export function configAlerts(
  config: ReadConfig | null,
  around: { env: Environment; folder: string; ownUrl: string },
): AlertSettings {
  const alerts = config?.content.alerts
  const notify = notifyOf(config, around)
  if (config === null || alerts === undefined) return { intervalMs: alertIntervalMs, rules: [], notify }
  const names = new Set<string>()
  const rules = (alerts.rules ?? []).map((rule, index) => {
    const place = ['alerts', 'rules', index]
    if (names.has(rule.name)) {
      const at = config.where([...place, 'name'])
      throw badSetting(at, `${at} repeats the name "${rule.name}"; each rule needs its own.`)
    }
    names.add(rule.name)
    return { rule, at: config.where(place) }
  })
  return { intervalMs: intervalOf(config, alerts.interval), rules, notify }
}

function intervalOf(config: ReadConfig, written: string | undefined): number {
  if (written === undefined) return alertIntervalMs
  const valueMs = durationMs(written)
  const { min, max } = alertIntervalBoundsMs
  if (valueMs === null || valueMs < min || valueMs > max) {
    const at = config.where(['alerts', 'interval'])
    throw badSetting(at, `${at} must lie between ${min}ms and ${max}ms.`)
  }
  return valueMs
}

function notifyOf(
  config: ReadConfig | null,
  around: { env: Environment; folder: string; ownUrl: string },
): NotifySettings {
  const alerts = config?.content.alerts ?? {}
  return {
    channels: config === null ? [] : configChannels(config, around),
    allowPrivateTargets: alerts.allowPrivateTargets ?? readFlag(around.env, 'ETCDSCOPE_ALLOW_PRIVATE_TARGETS'),
    allowTargets: alerts.allowTargets ?? [],
    ca: config === null || alerts.caFile === undefined ? null : authorityOf(config, alerts.caFile, around.folder),
    externalUrl: (alerts.externalUrl ?? around.ownUrl).replace(/\/+$/, ''),
  }
}

function authorityOf(config: ReadConfig, path: string, folder: string): string {
  const file = { subject: config.where(['alerts', 'caFile']), path }
  const pem = readNamedFile(file, folder)
  checkCertificate(file, pem)
  return pem.toString('utf8')
}
