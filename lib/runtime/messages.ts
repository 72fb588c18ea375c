import { z } from 'zod'

/** What the processes of one start say to each other over IPC. Everything received is checked. */

/** To the collector: begin, with the demo's endpoints when the settings say demo. */
export const collectorStart = z.object({ type: z.literal('start'), demoEndpoints: z.array(z.string()).nullable() })
export type CollectorStart = z.infer<typeof collectorStart>

/** From a child: `failed` is permanent (a person must act) when `permanent` is true; otherwise it is started again. */
export const childReport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), endpoints: z.array(z.string()).optional() }),
  z.object({ type: z.literal('failed'), message: z.string(), permanent: z.boolean() }),
])
export type ChildReport = z.infer<typeof childReport>
