/**
 * The recorded watch streams of eight resources of the Kubernetes cluster that `recordedHistory.ts` is of, as the
 * apiserver wrote them: Brotli over, for each resource, its path, its lines and an empty line.
 */
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'

/** API path to the lines of its stream. */
export function readRecordedStreams(): ReadonlyMap<string, readonly string[]> {
  const file = new URL('../fixtures/kubernetes/watch.br', import.meta.url)
  const text = brotliDecompressSync(readFileSync(file)).toString('utf8')
  return new Map(
    text
      .split('\n\n')
      .filter((block) => block !== '')
      .map((block) => {
        const [path = '', ...lines] = block.trimEnd().split('\n')
        return [path, lines]
      }),
  )
}
