import { stringify } from 'yaml'
import type { AlertRuleInput } from '../contract'
import { durationText } from './durationText'
import { printMeasure } from './promql'

/**
 * Rules as a Prometheus rule file: those that PromQL can say, one alert a severity. The others stand in a comment at
 * its head with the reason, so that nobody believes the file to be complete.
 */
export function ruleFileOf(rules: readonly AlertRuleInput[]): string {
  const exported: unknown[] = []
  const left: string[] = []
  for (const rule of rules) {
    const { text, promql } = printMeasure(rule)
    if (!rule.enabled) left.push(`${rule.name}: disabled`)
    else if (!promql) left.push(`${rule.name}: ${text}`)
    else exported.push(...rule.thresholds.map((threshold) => alertOf(rule, text, threshold)))
  }
  const head =
    left.length === 0
      ? ''
      : ['# Not in this file, because only etcdscope can evaluate them:', ...left.map(comment), '', ''].join('\n')
  return head + stringify({ groups: [{ name: 'etcdscope', rules: exported }] }, { lineWidth: 0 })
}

const comment = (line: string) => `#   ${line.replace(/\s+/g, ' ')}`

function alertOf(rule: AlertRuleInput, measure: string, threshold: AlertRuleInput['thresholds'][number]) {
  const simple = /^[a-z_]+(\{[^{}]*\})?$/.test(measure) || /^[a-z_]+\([^()]*\)$/.test(measure)
  return {
    alert: rule.name,
    expr: `${simple ? measure : `(${measure})`} ${rule.comparison} ${threshold.value}`,
    ...(threshold.forMs > 0 ? { for: durationText(threshold.forMs) } : {}),
    labels: { ...rule.labels, severity: threshold.severity },
    annotations: {
      ...Object.fromEntries(
        Object.entries(rule.annotations).map(([name, text]) => [name, goTemplate(text, rule, threshold)]),
      ),
      ...(rule.runbookUrl === null ? {} : { runbook_url: rule.runbookUrl }),
    },
  }
}

/** Our places in the words of Prometheus' templates. */
function goTemplate(text: string, rule: AlertRuleInput, threshold: AlertRuleInput['thresholds'][number]): string {
  const places: Readonly<Record<string, string>> = {
    value: '{{ $value | humanize }}',
    threshold: String(threshold.value),
    cluster: '{{ $labels.job }}',
    severity: threshold.severity,
    rule: rule.name,
  }
  return text.replace(
    /\{\{\s*\$?([A-Za-z_]+)(?:\.([A-Za-z_][A-Za-z0-9_]*))?\s*\}\}/g,
    (written, name: string, label?: string) => {
      if (label === undefined) return Object.hasOwn(places, name) ? (places[name] ?? written) : written
      return `{{ $labels.${label === 'member' ? 'instance' : label === 'to' ? 'To' : label} }}`
    },
  )
}
