import type { ClusterRef, RuleFault } from '../../store'
import type { RuleGroup } from './ruleBook'

/** The rules that cannot be evaluated, of all groups and clusters together, and whether the store knows the list. */
export class FaultList {
  readonly #parts = new Map<string, readonly RuleFault[]>()
  #stored: string | null = null

  /** The list to be stored, with what is to be called once it is; null when the store has it. */
  changed(
    group: RuleGroup,
    cluster: ClusterRef,
    found: readonly RuleFault[],
  ): { faults: readonly RuleFault[]; stored: () => void } | null {
    this.#parts.set(`${group} ${cluster.id}`, found)
    const faults = [...this.#parts.values()].flat()
    const text = JSON.stringify(faults)
    if (text === this.#stored) return null
    return {
      faults,
      stored: () => {
        this.#stored = text
      },
    }
  }
}
