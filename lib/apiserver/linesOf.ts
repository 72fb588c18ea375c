import { unreadable } from './parseObject'

/**
 * The lines of a stream. What stands behind the last line end was cut off and is not given: it will be asked for
 * again. Rejects when a line is longer than the bound.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, limitBytes: number): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      const line = chunk.subarray(from, end)
      const whole = parts.length === 0 ? line : Buffer.concat([...parts, line])
      parts = []
      bytes = 0
      from = end + 1
      if (whole.length > 0) yield whole.toString('utf8')
    }
    if (from === chunk.length) continue
    parts.push(from === 0 ? chunk : chunk.subarray(from))
    bytes += chunk.length - from
    if (bytes > limitBytes) throw unreadable(`a line of a watch has more than ${limitBytes} bytes`)
  }
}
