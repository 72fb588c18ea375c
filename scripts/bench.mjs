import { existsSync, readdirSync } from 'node:fs'
import { prepare } from './prepare.mjs'
import { at, bin, projectDir } from './project.mjs'
import { main, runStep, ScriptError, say } from './runStep.mjs'
import { ensureChromium, ensureEtcd } from './testTools.mjs'

/** `npm run bench [name…]`: the figures, as ratios taken in one run on one machine. `tests/bench/<name>.bench.ts` each. */
const wanted = process.argv.slice(2)

await main(async () => {
  await prepare({ pages: true })
  await ensureEtcd()
  await ensureChromium()
  const files = existsSync(at('tests/bench'))
    ? readdirSync(at('tests/bench'))
        .filter((file) => file.endsWith('.bench.ts'))
        .sort()
    : []
  const chosen = files.filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
  if (chosen.length === 0) throw new ScriptError(`tests/bench has no bench named ${wanted.join(' or ')}.`)
  for (const file of chosen) {
    say(`\n${file}`)
    const { code } = await runStep(process.execPath, [bin('tsx/dist/cli.mjs'), at('tests/bench', file)], {
      cwd: projectDir,
    })
    if (code !== 0) process.exitCode = 1
  }
})
