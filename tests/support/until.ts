/** Polls a condition until it holds; after the deadline it rejects, naming what was waited for. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  deadlineMs = 15_000,
): Promise<Exclude<T, false | null | undefined>> {
  const endMs = Date.now() + deadlineMs
  for (;;) {
    const answer = await condition()
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>
    }
    if (Date.now() > endMs) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
