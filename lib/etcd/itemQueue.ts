/**
 * Hand-over from a stream that pushes to a consumer that pulls. It never drops and never refuses: it says when it is
 * full and when there is room again, and whoever pushes must stop reading in between.
 */
export class ItemQueue<T> {
  #items: { readonly item: T; readonly bytes: number; readonly count: number }[] = []
  #bytes = 0
  #count = 0
  #end: { readonly error: unknown } | null = null
  #wake: (() => void) | null = null
  readonly #limits: { readonly bytes: number; readonly count: number }
  readonly #onRoom: () => void

  /** `onRoom` is called each time the queue falls below half of its bounds. */
  constructor(limits: { readonly bytes: number; readonly count: number }, onRoom: () => void) {
    this.#limits = limits
    this.#onRoom = onRoom
  }

  get isFull(): boolean {
    return this.#bytes >= this.#limits.bytes || this.#count >= this.#limits.count
  }

  get bytes(): number {
    return this.#bytes
  }

  push(item: T, bytes: number, count: number): void {
    if (this.#end) return
    this.#items.push({ item, bytes, count })
    this.#bytes += bytes
    this.#count += count
    this.#wake?.()
  }

  /** After what is queued the consumer sees the end, or the error when there is one. */
  end(error: unknown = null): void {
    this.#end ??= { error }
    this.#wake?.()
  }

  async *drain(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      // Taken whole: shifting one by one would be quadratic when the consumer is slow.
      const batch = this.#items
      this.#items = []
      for (const { item, bytes, count } of batch) {
        yield item
        this.#bytes -= bytes
        this.#count -= count
        if (this.#bytes <= this.#limits.bytes / 2 && this.#count <= this.#limits.count / 2) this.#onRoom()
      }
      if (this.#items.length > 0) continue
      if (this.#end) {
        if (this.#end.error !== null) throw this.#end.error
        return
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
  }
}
