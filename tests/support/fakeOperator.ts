import type { NotifyAccess } from '../../lib/query/scope'
import type { OperatorWriter } from '../../lib/store/operator'

/** For tests of reads: any verb of it is a mistake and says so. */
export function fakeOperator(): OperatorWriter {
  const refusing = new Proxy(
    {},
    { get: (_target, verb) => () => Promise.reject(new Error(`${String(verb)} was called`)) },
  )
  // Every property is a function that rejects, which is what each verb's type allows.
  return refusing as OperatorWriter
}

/** No channel of a settings file, and a key that any test may know. */
export const noChannels: NotifyAccess = {
  key: new Uint8Array(32).fill(7),
  settings: {
    channels: [],
    allowPrivateTargets: false,
    allowTargets: [],
    ca: null,
    externalUrl: 'http://etcdscope.test',
  },
}
