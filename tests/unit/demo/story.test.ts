import { describe, expect, it } from 'vitest'
import { allControllers } from '../../../lib/demo/controllers/allControllers'
import { setCondition } from '../../../lib/demo/controllers/conditions'
import { createDirector } from '../../../lib/demo/story/director'
import { nextVersion } from '../../../lib/demo/story/episodes'
import { decodeObject } from '../../../lib/kubernetes/decodeObject'
import { createDemoWorld } from '../../support/demoWorld'

const seed = 20260115

/** The opening, then so many minutes in steps of a quarter second. */
async function live(minutes: number, each: (at: ReturnType<typeof createDemoWorld>) => void = () => {}) {
  const demo = createDemoWorld(seed)
  const director = createDirector(demo.world)
  await director.opening(async (ms) => demo.pass(ms))
  const opening = demo.writes.length
  for (let step = 0; step < minutes * 240; step++) {
    demo.pass(250)
    director.step()
    each(demo)
  }
  return { ...demo, opening }
}

describe(`the demo's story (seed ${seed})`, () => {
  it('opens with a few hundred revisions and every workload available', async () => {
    const { world, opening } = await live(0)
    expect(opening).toBeGreaterThan(300)
    expect(opening).toBeLessThan(2000)
    for (const { spec, status } of world.objects.list('Deployment')) {
      expect(status.availableReplicas).toBe(spec.replicas)
    }
  })

  it('writes values that decode to objects with truthful metadata', async () => {
    const { writes } = await live(1)
    const generations = new Map<string, number>()
    for (const { key, value, leaseId } of writes) {
      if (value === null) continue
      const { object, failure } = decodeObject(value)
      expect(failure).toBeUndefined()
      expect(key.startsWith('/registry/')).toBe(true)
      expect(leaseId !== undefined).toBe(key.startsWith('/registry/events/'))
      const metadata = object?.metadata as { uid: string; generation?: number; managedFields?: unknown[] }
      expect(metadata.uid).toMatch(/^[0-9a-f]{8}-/)
      if (!/^.registry.(events|serviceaccounts)/.test(key))
        expect(metadata.managedFields?.length ?? 0, key).toBeGreaterThan(0)
      const generation = metadata.generation ?? 0
      expect(generation).toBeGreaterThanOrEqual(generations.get(metadata.uid) ?? 0)
      generations.set(metadata.uid, generation)
    }
  })

  it('a release replaces every pod and never takes more than its strategy allows', async () => {
    const demo = await live(0)
    const { objects } = demo.world
    const deployment = objects.get('Deployment', 'shop', 'checkout')
    if (deployment === null) throw new Error('the shop has no checkout')
    const podNames = () =>
      objects
        .list('Pod', 'shop')
        .flatMap(({ metadata }) => (metadata.labels?.app === 'checkout' ? [metadata.name] : []))
    const before = podNames()
    objects.update<'Deployment'>(deployment, { manager: 'test' }, (draft) => {
      draft.spec.template.metadata.labels = { ...draft.spec.template.metadata.labels, release: 'next' }
    })
    for (let step = 0; step < 240; step++) {
      demo.pass(250)
      for (const controller of allControllers) controller(demo.world)
      const { spec, status } = objects.get('Deployment', 'shop', 'checkout') ?? deployment
      expect(status.availableReplicas).toBeGreaterThanOrEqual(spec.replicas - Math.floor(spec.replicas / 4))
      expect(status.replicas).toBeLessThanOrEqual(spec.replicas + Math.ceil(spec.replicas / 4))
    }
    expect(podNames()).toHaveLength(before.length)
    expect(podNames().filter((name) => before.includes(name))).toEqual([])
  })

  it('shows failing releases that are taken back, and every kind of change', async () => {
    const { writes, world } = await live(6)
    const texts = writes.map(({ key, value }) => `${key} ${value?.toString('latin1') ?? ''}`)
    for (const sign of [
      'ImagePullBackOff',
      'CrashLoopBackOff',
      'ProgressDeadlineExceeded',
      'kubectl-rollout',
      'kubectl-edit',
      'argocd-controller',
      'external-secrets',
      'SuccessfulRescale',
      'KubeletNotReady',
    ]) {
      expect(texts.some((text) => text.includes(sign))).toBe(true)
    }
    const kept = ['Job', 'ReplicaSet', 'Pod', 'ControllerRevision'] as const
    for (const kind of kept) expect(world.objects.list(kind).length).toBeLessThan(120)
    const perSecond = writes.length / (6 * 60)
    expect(perSecond).toBeGreaterThan(3)
    expect(perSecond).toBeLessThan(25)
  }, 30_000)

  it('the same seed tells the same story', async () => {
    const keys = async () => (await live(1)).writes.map(({ key }) => key)
    expect(await keys()).toEqual(await keys())
  })
})

describe('small rules', () => {
  it.each([
    ['registry.example.com/shop/web:2.14.0', 'registry.example.com/shop/web:2.14.1'],
    ['web:1.9-rcl', 'web:1.10'],
    ['postgres:16.4', 'postgres:16.5'],
  ])('the version after %s is %s', (image, next) => {
    expect(nextVersion(image)).toBe(next)
  })

  it('a condition moves its transition time only with its status', () => {
    const conditions = [{ type: 'Ready', status: 'True' as const, lastTransitionTime: 't0' }]
    expect(setCondition(conditions, { type: 'Ready', status: 'True', reason: 'Still' }, 't1')).toBe(true)
    expect(conditions[0]?.lastTransitionTime).toBe('t0')
    expect(setCondition(conditions, { type: 'Ready', status: 'False' }, 't2')).toBe(true)
    expect(conditions[0]).toEqual({ type: 'Ready', status: 'False', lastTransitionTime: 't2' })
  })
})
