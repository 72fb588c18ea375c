import { badSetting } from './badSetting'
import { alertIntervalBoundsMs, alertIntervalMs } from './clusterDefaults'
import type { ReadConfig } from './configFile'
import { durationMs } from './durations'
import type { AlertSettings } from './settings'

/** The section `alerts` of the YAML file. What a rule means is checked at the start by those who evaluate it. */
export function configAlerts(config: ReadConfig | null): AlertSettings {
  const alerts = config?.content.alerts
  if (config === null || alerts === undefined) return { intervalMs: alertIntervalMs, rules: [] }
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
  return { intervalMs: intervalOf(config, alerts.interval), rules }
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
