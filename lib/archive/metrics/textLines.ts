import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { ScopeError } from '../../core/errors'

/** The lines of a text file, plain or gzipped, in runs as they are read: of any size, in bounded memory. */

/** No metric has a line as long; a file without line breaks is no text. */
const lineLimit = 1024 * 1024

export async function* textLines(file: string, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  const gzipped = await isGzipped(file)
  const source = createReadStream(file, { highWaterMark: 256 * 1024 })
  const bytes = gzipped ? source.pipe(createGunzip()) : source
  // A pipe does not hand errors on.
  source.on('error', (error) => bytes.destroy(error))
  bytes.setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted()
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > lineLimit)
        throw new ScopeError('BAD_SETTING', `${file} has a line of more than 1 MiB: it is no metrics text.`, {
          subject: 'FILE',
        })
      if (lines.length > 0) yield lines
    }
    if (rest !== '') yield [rest]
  } catch (error) {
    const damaged = gzipped && error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    if (!damaged) throw error
    throw new ScopeError('BAD_SETTING', `${file} is a damaged gzip file: ${error.message}.`, {
      subject: 'FILE',
      cause: error,
    })
  } finally {
    source.destroy()
  }
}

async function isGzipped(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: unknown) => {
    throw new ScopeError('BAD_SETTING', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`, {
      subject: 'FILE',
    })
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}
