import type { AnswerOf } from '../contract'
import { timeOf } from './instant'
import type { Scope } from './scope'
import type { ServingInput } from './serving'

/** What runs here. `serving`: the composition root's word, free of credentials. */
export async function about(
  scope: Scope,
  { startedAtMs, settings }: Pick<ServingInput, 'startedAtMs' | 'settings'>,
): Promise<AnswerOf<'about'>> {
  return {
    version: scope.version,
    node: process.version,
    startedAt: timeOf(startedAtMs),
    store: { engine: scope.reader.engine, location: settings.databaseUrl, ...(await scope.reader.usage()) },
    clusters: settings.clusters.map(({ name, endpoints }) => ({
      name,
      endpoints: [...endpoints],
      tls: endpoints.some((endpoint) => endpoint.startsWith('https:')),
    })),
  }
}
