import { sentenceOf } from '../core/errors'
import { servingIfProvided } from './serving'

/**
 * Ready once the database is open and migrated: the composition root provides the serving only then, and a read now
 * shows that it still answers. A broken collector does not make the web unready: its pages say what is wrong.
 */
export async function readiness(): Promise<{ ready: boolean; text: string }> {
  const serving = servingIfProvided()
  if (!serving) return { ready: false, text: 'not ready: the database is not open\n' }
  try {
    serving.reader.version()
    await serving.reader.pulses()
    return { ready: true, text: 'ready\n' }
  } catch (error) {
    return { ready: false, text: `not ready: the database does not answer: ${sentenceOf(error)}\n` }
  }
}
