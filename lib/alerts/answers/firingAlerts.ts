import type { AcknowledgeableAlert, AlertReader } from '../../store'

const pageRows = 500

/** Every alert that fires now, over all pages. */
export async function firingAlerts(reader: Pick<AlertReader, 'alerts'>): Promise<AcknowledgeableAlert[]> {
  const found: AcknowledgeableAlert[] = []
  for (let more = true; more; ) {
    const last = found.at(-1)
    const after = last === undefined ? null : { activeMs: last.activeMs, id: last.id }
    const page = await reader.alerts({ phases: ['firing'] }, { limit: pageRows, after })
    found.push(...page)
    more = page.length === pageRows
  }
  return found
}
