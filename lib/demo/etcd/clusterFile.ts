import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** What the demo writes down about its cluster, so that the next start finds data, ports and left-over processes. */
const clusterFile = z.object({
  version: z.literal(1),
  seed: z.number().int(),
  /** The demo process that runs the cluster and its command line, which tells it from a later one with its pid. */
  owner: z.object({ pid: z.number().int(), commandLine: z.string() }).nullable(),
  members: z.array(
    z.object({
      name: z.string(),
      clientPort: z.number().int(),
      peerPort: z.number().int(),
      pid: z.number().int().nullable(),
    }),
  ),
})
export type ClusterFile = z.infer<typeof clusterFile>

/** Null when there is none or it is not readable as one: then the demo begins anew. */
export function readClusterFile(path: string): ClusterFile | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return null // the first start
  }
  try {
    return clusterFile.parse(JSON.parse(text))
  } catch {
    return null // cut off or of another version
  }
}

/** Written beside and renamed: a reader sees the old one or the new one. */
export function writeClusterFile(path: string, content: ClusterFile): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`)
  renameSync(draft, path)
}

export function endpointsOf(content: ClusterFile): string[] {
  return content.members.map((member) => `http://127.0.0.1:${member.clientPort}`)
}
