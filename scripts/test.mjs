import { runChecks } from './checks.mjs'
import { prepare } from './prepare.mjs'
import { main, say, seconds } from './runStep.mjs'
import { runSuite } from './suites.mjs'
import { ensureChromium, ensureEtcd } from './testTools.mjs'

/** `npm test`: everything, from a fresh clone on. The last line is the sum: `N passed, N failed`. */
await main(async () => {
  await prepare({ pages: true })
  await ensureEtcd()
  await ensureChromium()
  const checks = await runChecks()
  let passed = checks.filter((check) => check.passed).length
  let failed = checks.length - passed
  for (const project of ['unit', 'simulation', 'integration', 'e2e']) {
    const suite = await runSuite(project)
    passed += suite.passed
    failed += suite.failed
  }
  say(`test: ${seconds(performance.now())}`)
  process.exitCode = failed === 0 ? 0 : 1
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
})
