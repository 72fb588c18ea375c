import type { MetricImporter } from '../metricImport'
import type { PulseWriter } from './pulses'
import type { SampleUpkeep } from './rollups'
import type { SampleWriter } from './sampleWriter'
import { numberOf, numberOrNull, type Statements } from './statements'

/** Roll-ups of one transaction: a stretch of this long of every series. */
const rolledAtOnceMs = 6 * 3_600_000

export function createMetricImporter(parts: {
  statements: Statements
  samples: SampleWriter
  upkeep: SampleUpkeep
  pulses: PulseWriter
  write: <T>(work: () => T) => T
}): MetricImporter {
  const { statements, samples, upkeep, pulses, write } = parts
  const insertState = statements.run(
    'INSERT INTO member_state (cluster_id, member_id, name, state, term, from_ms, to_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  return {
    beginMetricImport: async (cluster, throughMs) => write(() => upkeep.keepRaw(cluster.id, throughMs)),
    importSamples: async (cluster, scrapes) =>
      write(() => {
        for (const scrape of scrapes) samples.write(cluster.id, scrape.atMs, scrape.samples)
      }),
    importMemberStates: async (cluster, { fromMs, toMs }, stretches) =>
      write(() => {
        statements
          .run('DELETE FROM member_state WHERE cluster_id = ? AND from_ms >= ? AND to_ms <= ?')
          .run(cluster.id, fromMs, toMs)
        for (const one of stretches) {
          insertState.run(cluster.id, one.memberId, one.name, one.state, one.term, one.fromMs, one.toMs)
        }
        pulses.bump(cluster.id, 'members')
      }),
    async finishMetricImport(cluster, { fromMs, toMs }) {
      for (let at = fromMs; at <= toMs; at += rolledAtOnceMs) {
        write(() => upkeep.rollUpCluster(cluster.id, at, Math.min(toMs + 1, at + rolledAtOnceMs)))
        await new Promise(setImmediate)
      }
    },
    async firstSampleMs(cluster, metric) {
      const found = statements.raw('SELECT id FROM series WHERE cluster_id = ? AND metric = ?').all(cluster.id, metric)
      const firsts = found.flatMap(([id]) => {
        const raw = statements.raw('SELECT min(t_ms) FROM sample WHERE series_id = ?').get(numberOf(id))
        const rolled = [60, 600].map((level) =>
          statements
            .raw('SELECT min(t_ms) FROM sample_rollup WHERE series_id = ? AND level = ?')
            .get(numberOf(id), level),
        )
        return [raw, ...rolled].flatMap((row) => numberOrNull(row?.[0] ?? null) ?? [])
      })
      return firsts.length === 0 ? null : Math.min(...firsts)
    },
  }
}
