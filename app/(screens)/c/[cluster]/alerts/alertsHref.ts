/** Addresses of the alert screens, without the range: the links carry that themselves. */
export type AlertsTab = 'firing' | 'rules' | 'silences' | 'channels' | 'history'

export function alertsHref(cluster: string, tab: AlertsTab): string {
  const base = `/c/${encodeURIComponent(cluster)}/alerts`
  return tab === 'firing' ? base : `${base}/${tab}`
}

/** `new` stands for a rule that is not there yet. */
export function ruleHref(cluster: string, rule: string): string {
  return `${alertsHref(cluster, 'rules')}/${encodeURIComponent(rule)}`
}

/** Opens the form with the labels of an alert as matchers. */
export function silenceHref(cluster: string, labels: Readonly<Record<string, string>>): string {
  return `${alertsHref(cluster, 'silences')}?new=${encodeURIComponent(JSON.stringify(labels))}`
}
