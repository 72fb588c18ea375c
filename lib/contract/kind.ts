import { z } from 'zod'

/** What discovery tells of a kind, where the apiserver of a cluster is known. */
export const kindItem = z.object({
  resource: z.string().describe('as changes call it: deployments, databases.db.acme.example'),
  apiVersion: z.string(),
  kind: z.string(),
  namespaced: z.boolean(),
  shortNames: z.array(z.string()),
})
