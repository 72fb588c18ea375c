import { allControllers } from '../controllers/allControllers'
import type { World } from '../controllers/world'
import { type Episode, episodes } from './episodes'
import { createInitialWorld } from './initialWorld'

export interface Director {
  /** Fills an empty cluster and lets the first minutes of its life happen at once: a few hundred revisions. */
  opening(sleep: (ms: number) => Promise<void>): Promise<void>
  /** One look of every controller and every episode whose time has come. */
  step(): void
}

/** The opening's pace: everything that takes seconds takes milliseconds. */
const hurriedPace = 0.02
const openingWithinMs = 6_000

export function createDirector(world: World): Director {
  const startedMs = world.nowMs()
  const dueMs = new Map<Episode, number>(episodes.map((episode) => [episode, startedMs + episode.firstMs]))
  const later: { atMs: number; action: () => void }[] = []
  const arrange = (delayMs: number, action: () => void) => later.push({ atMs: world.nowMs() + delayMs, action })

  const runControllers = () => {
    for (const controller of allControllers) controller(world)
  }
  const runEpisodes = () => {
    const nowMs = world.nowMs()
    for (const [episode, atMs] of dueMs) {
      if (nowMs < atMs) continue
      dueMs.set(episode, nowMs + episode.everyMs * (0.7 + world.random.next() * 0.6))
      episode.run(world, arrange)
    }
    for (const one of later.filter(({ atMs }) => nowMs >= atMs)) {
      later.splice(later.indexOf(one), 1)
      one.action()
    }
  }
  const settle = async (sleep: (ms: number) => Promise<void>, deadlineMs: number) => {
    do {
      runControllers()
      await sleep(10)
    } while (world.nowMs() < deadlineMs && !isSettled(world))
  }
  return {
    async opening(sleep) {
      world.timers.pace = hurriedPace
      const deadlineMs = world.nowMs() + openingWithinMs
      createInitialWorld(world)
      await settle(sleep, deadlineMs)
      for (let release = 0; release < 3; release++) {
        for (const episode of episodes) {
          if (['release', 'edit', 'rotate'].includes(episode.name)) episode.run(world, arrange)
        }
        await settle(sleep, deadlineMs)
      }
      world.timers.pace = 1
    },
    step() {
      runControllers()
      runEpisodes()
    },
  }
}

function isSettled(world: World): boolean {
  return world.objects
    .list('Deployment')
    .every(
      ({ spec, status, metadata }) =>
        status.availableReplicas === spec.replicas &&
        status.replicas === spec.replicas &&
        status.updatedReplicas === spec.replicas &&
        status.observedGeneration === metadata.generation,
    )
}
