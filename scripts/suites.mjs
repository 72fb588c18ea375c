import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { at, bin, projectDir } from './project.mjs'
import { quietEnv, runStep, say, seconds } from './runStep.mjs'

/**
 * Runs one vitest project and counts from its own report, not from its text. A file that could not be loaded and a
 * run that ended without a report count as failures.
 */
export async function runSuite(project) {
  const report = at('.cache/test-results', `${project}.json`)
  mkdirSync(at('.cache/test-results'), { recursive: true })
  rmSync(report, { force: true })
  const args = [bin('vitest/vitest.mjs'), 'run', '--project', project, '--passWithNoTests']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code, ms } = await runStep(process.execPath, [...args, ...reporters], {
    cwd: projectDir,
    env: { ...quietEnv, CI: 'true' },
  })
  const counted = countReport(report)
  // vitest fails also for an unhandled error outside of any test.
  const failed = counted.failed === 0 && code !== 0 ? 1 : counted.failed
  say(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${project}: ${counted.passed} passed, ${failed} failed, ${counted.skipped} skipped, ${seconds(ms)}`,
  )
  return { passed: counted.passed, failed }
}

function countReport(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    const unloadable = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + unloadable.length,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}
