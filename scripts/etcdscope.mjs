#!/usr/bin/env node
import { prepare } from './prepare.mjs'
import { main, stopForwardingSignals } from './runStep.mjs'

/** The command `etcdscope`. Relative paths in settings are the caller's, so the working folder stays as it is. */
const args = process.argv.slice(2)

await main(async () => {
  const serves = args.length === 0 || args[0] === 'serve'
  await prepare({ pages: serves && !args.includes('--dev') && !args.includes('--role=collector') })
  stopForwardingSignals()
  const { run } = await import('../dist/etcdscope.js')
  await run(args)
})
