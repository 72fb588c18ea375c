import { runChecks } from './checks.mjs'
import { checkNode, ensureInstalled } from './install.mjs'
import { ensureBundles, ensureClient } from './prepare.mjs'
import { main, say, seconds } from './runStep.mjs'
import { runSuite } from './suites.mjs'

/** `npm run verify`: what must hold before a commit, in under a minute; CI's first step is the same. */
await main(async () => {
  checkNode()
  await ensureInstalled()
  await ensureClient()
  await ensureBundles()
  const startedMs = performance.now()
  const checks = await runChecks()
  const unit = await runSuite('unit')
  say(`verify: ${seconds(performance.now() - startedMs)}`)
  process.exitCode = checks.every((check) => check.passed) && unit.failed === 0 ? 0 : 1
})
