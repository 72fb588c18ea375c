/** When each member's process was last seen to be another one, by its start time. */
export class ProcessLives {
  readonly #lives = new Map<string, { start: number; changedMs: number | null }>()

  saw(memberId: string, processStart: number | null, atMs: number): void {
    if (processStart === null) return
    const known = this.#lives.get(memberId)
    if (known === undefined) this.#lives.set(memberId, { start: processStart, changedMs: null })
    else if (known.start !== processStart) this.#lives.set(memberId, { start: processStart, changedMs: atMs })
  }

  /** True when a new process was seen at or after that time. */
  changedSince(memberId: string, sinceMs: number): boolean {
    const changedMs = this.#lives.get(memberId)?.changedMs ?? null
    return changedMs !== null && changedMs >= sinceMs
  }

  forgetAllBut(present: ReadonlySet<string>): void {
    for (const id of this.#lives.keys()) if (!present.has(id)) this.#lives.delete(id)
  }
}
