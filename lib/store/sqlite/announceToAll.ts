import type { PulseWriter } from './pulses'
import { numberOf, type Statements } from './statements'

/** Rules, silences and channels belong to no cluster: every screen that shows them must hear of a change. */
export function announceToAll(statements: Statements, pulses: PulseWriter): void {
  for (const [id] of statements.raw('SELECT id FROM cluster').all()) pulses.bump(numberOf(id), 'alerts')
}
