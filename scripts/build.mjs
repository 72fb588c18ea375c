import { prepare } from './prepare.mjs'
import { main, say, seconds } from './runStep.mjs'

/** `npm run build`: everything that `npm start` would build, without starting it. */
await main(async () => {
  await prepare({ pages: true })
  say(`Ready after ${seconds(performance.now())}.`)
})
