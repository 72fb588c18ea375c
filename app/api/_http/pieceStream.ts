/** Pieces are joined to about this much, so that small ones do not each cost a write. */
const chunkBytes = 64 * 1024

/**
 * A body that makes its pieces as fast as the client takes them and no faster. A failure cuts the transfer off, which
 * a client sees: a download never ends early as if it were whole.
 */
export function pieceStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      // The record is read without waiting for anything: other requests get their turn here.
      await new Promise(setImmediate)
      const parts: Uint8Array[] = []
      for (let size = 0; size < chunkBytes; ) {
        const next = await pieces.next()
        if (next.done === true) {
          if (parts.length > 0) controller.enqueue(Buffer.concat(parts))
          controller.close()
          return
        }
        const part = encoder.encode(next.value)
        parts.push(part)
        size += part.byteLength
      }
      controller.enqueue(Buffer.concat(parts))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
