import { bin, projectDir } from './project.mjs'
import { runStep, say, seconds } from './runStep.mjs'

/** The checks that need no program running. The same list is CI's first step. */
export const staticChecks = [
  { name: 'Biome', args: [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '--no-errors-on-unmatched', '.'] },
  { name: 'compiler', args: [bin('typescript/bin/tsc'), '--noEmit', '-p', '.'] },
  {
    name: 'import rules',
    args: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), 'lib', 'app', '--config', '.dependency-cruiser.cjs'],
  },
  { name: 'unused code', args: [bin('knip/bin/knip.js'), '--no-progress'] },
]

/** Two at a time: the smallest machine that CI runs on has two cores. Answers which passed. */
export async function runChecks(checks = staticChecks) {
  const waiting = [...checks]
  const results = []
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { code, output, ms } = await runStep(process.execPath, check.args, { cwd: projectDir, quiet: true })
      say(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name}: ${seconds(ms)}`)
      if (code !== 0) process.stderr.write(output)
      results.push({ name: check.name, passed: code === 0 })
    }
  }
  await Promise.all([worker(), worker()])
  return results
}
