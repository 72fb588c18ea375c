import type { Kind } from '../kube/objects'
import type { Controller, World } from './world'

/** A controller that looks again although nothing it reads has changed, for what depends on time alone. */
const lookAgainMs = 1000

/** The controller, left alone while the objects that it reads stay as they are. */
export function onChange(kinds: readonly Kind[], controller: Controller): Controller {
  const seen = new WeakMap<World, { version: number; atMs: number }>()
  return (world) => {
    const last = seen.get(world)
    const nowMs = world.nowMs()
    const version = world.objects.versionOf(kinds)
    if (last !== undefined && last.version === version && nowMs - last.atMs < lookAgainMs) return
    seen.set(world, { version, atMs: nowMs })
    controller(world)
  }
}
