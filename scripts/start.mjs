import { prepare } from './prepare.mjs'
import { projectDir } from './project.mjs'
import { main, say, seconds, stopForwardingSignals } from './runStep.mjs'

/** `npm start`, `npm run dev`, `npm run collector`: prepares what changed, then becomes the server itself. */
const args = process.argv.slice(2)

await main(async () => {
  const needsPages = !args.includes('--dev') && !args.includes('--role=collector') && !args.includes('collector')
  await prepare({ pages: needsPages && process.env.ETCDSCOPE_ROLE !== 'collector' })
  say(`Prepared in ${seconds(performance.now())}.`)
  stopForwardingSignals()
  process.chdir(projectDir)
  const { run } = await import('../dist/etcdscope.js')
  await run(args)
})
