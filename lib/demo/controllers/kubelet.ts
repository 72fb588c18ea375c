import type { ContainerStatus, Pod } from '../kube/objects'
import { stableSuffix } from '../random'
import { setCondition } from './conditions'
import { imageFate } from './imageFate'
import { isFinished, isReady, isTerminating } from './podState'
import { type Controller, managers, type World } from './world'

/** Carries each bound pod through its life: creating, running, ready, finished or failing, and away. */
export const kubelet: Controller = (world) => {
  for (const pod of world.objects.list('Pod')) {
    if (isTerminating(pod)) terminate(world, pod)
    else if (pod.spec.nodeName === undefined || isFinished(pod)) continue
    else if (pod.status.startTime === undefined) admit(world, pod)
    else advance(world, pod)
  }
}

function terminate(world: World, pod: Pod): void {
  const { uid } = pod.metadata
  if (pod.spec.nodeName !== undefined && pod.status.containerStatuses?.some((status) => status.state.running)) {
    if (!world.timers.due(`${uid}/term`, 700 + world.random.whole(0, 900))) return
    setStatus(world, pod, false, (status, time) => {
      const startedAt = status.state.running?.startedAt ?? time
      status.state = { terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt: time } }
    })
    return
  }
  if (!world.timers.due(`${uid}/gone`, 300)) return
  world.objects.remove(pod)
  world.timers.forget(`${uid}/`)
}

function admit(world: World, pod: Pod): void {
  if (!world.timers.due(`${pod.metadata.uid}/admit`, 300 + world.random.whole(0, 300))) return
  const { objects } = world
  const address = objects.get('Node', undefined, pod.spec.nodeName ?? '')?.status.addresses[0]?.address
  objects.update<'Pod'>(pod, managers.kubeletStatus, (draft) => {
    const time = objects.time()
    draft.status.startTime = time
    if (address !== undefined) draft.status.hostIP = address
    draft.status.conditions ??= []
    setCondition(draft.status.conditions, { type: 'Initialized', status: 'True' }, time)
    markReadiness(draft, false, time)
    draft.status.containerStatuses = draft.spec.containers.map((container) => ({
      name: container.name,
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
      ready: false,
      started: false,
      restartCount: 0,
      image: container.image,
      imageID: '',
    }))
  })
}

function advance(world: World, pod: Pod): void {
  const { uid } = pod.metadata
  const { timers, random, events } = world
  const status = pod.status.containerStatuses?.[0]
  if (status === undefined) return
  const fate = imageFate(pod.spec.containers[0]?.image ?? '')
  const { waiting, running } = status.state
  if (waiting?.reason === 'ContainerCreating') {
    if (!timers.due(`${uid}/create`, 900 + random.whole(0, 1800))) return
    if (fate === 'missing') failPull(world, pod, 'ErrImagePull')
    else start(world, pod)
  } else if (waiting?.reason === 'ErrImagePull') {
    if (timers.due(`${uid}/pull`, 4000)) failPull(world, pod, 'ImagePullBackOff')
  } else if (waiting?.reason === 'ImagePullBackOff') {
    if (timers.due(`${uid}/pull-again`, 15_000)) failPull(world, pod, 'ErrImagePull')
  } else if (waiting?.reason === 'CrashLoopBackOff') {
    // Doubles as the kubelet's own does, from 4 s instead of 10 s: nobody watches a demo for five minutes.
    if (timers.due(`${uid}/restart`, Math.min(60_000, 4000 * 2 ** status.restartCount))) start(world, pod)
  } else if (running !== undefined && fate === 'crashing') {
    if (!timers.due(`${uid}/crash`, 1500)) return
    crash(world, pod)
    const message = `Back-off restarting failed container ${status.name} in pod ${pod.metadata.name}`
    events.record(pod, 'kubelet', 'Warning', 'BackOff', message)
  } else if (running !== undefined && pod.spec.restartPolicy === 'OnFailure') {
    if (timers.due(`${uid}/finish`, 4000 + random.whole(0, 6000))) finish(world, pod)
  } else if (running !== undefined && !isReady(pod)) {
    if (timers.due(`${uid}/ready`, 1000 + random.whole(0, 2000))) setStatus(world, pod, true, (own) => void own)
  }
}

function start(world: World, pod: Pod): void {
  setStatus(world, pod, false, (status, time) => {
    status.lastState = status.lastState.terminated === undefined ? {} : status.lastState
    status.state = { running: { startedAt: time } }
    status.started = true
    status.imageID = `${status.image.split(':')[0]}@sha256:${stableSuffix(status.image, 32)}`
  })
  world.events.record(pod, 'kubelet', 'Normal', 'Started', `Started container ${pod.spec.containers[0]?.name}`)
}

function failPull(world: World, pod: Pod, reason: 'ErrImagePull' | 'ImagePullBackOff'): void {
  const image = pod.spec.containers[0]?.image ?? ''
  const message = reason === 'ErrImagePull' ? `${image}: not found` : `Back-off pulling image "${image}"`
  setStatus(world, pod, false, (status) => {
    status.state = { waiting: { reason, message } }
  })
  world.events.record(pod, 'kubelet', 'Warning', 'Failed', `Error: ${reason}`)
}

function crash(world: World, pod: Pod): void {
  setStatus(world, pod, false, (status, time) => {
    const startedAt = status.state.running?.startedAt ?? time
    status.lastState = { terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt: time } }
    status.restartCount += 1
    const message = `back-off restarting failed container=${status.name}`
    status.state = { waiting: { reason: 'CrashLoopBackOff', message } }
  })
}

function finish(world: World, pod: Pod): void {
  setStatus(world, pod, false, (status, time) => {
    const startedAt = status.state.running?.startedAt ?? time
    status.state = { terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt: time } }
  })
}

/** Changes the first container's status, and with it what follows for the pod: phase, address, readiness. */
function setStatus(
  world: World,
  pod: Pod,
  ready: boolean,
  change: (status: ContainerStatus, time: string) => void,
): void {
  const { objects } = world
  objects.update<'Pod'>(pod, managers.kubeletStatus, (draft) => {
    const time = objects.time()
    const status = draft.status.containerStatuses?.[0]
    if (status === undefined) return
    change(status, time)
    status.ready = ready
    status.started = status.state.running !== undefined
    const finished = status.state.terminated !== undefined && draft.spec.restartPolicy !== 'Always'
    if (finished) draft.status.phase = 'Succeeded'
    else if (status.state.running !== undefined || status.restartCount > 0) draft.status.phase = 'Running'
    if (draft.status.phase === 'Running' && draft.status.podIP === undefined) giveAddress(world, draft)
    markReadiness(draft, ready, time, finished)
  })
}

function giveAddress(world: World, draft: Pod): void {
  const index = world.objects.list('Node').findIndex((node) => node.metadata.name === draft.spec.nodeName)
  const ip = `10.244.${Math.max(0, index)}.${world.random.whole(2, 250)}`
  draft.status.podIP = ip
  draft.status.podIPs = [{ ip }]
}

function markReadiness(draft: Pod, ready: boolean, time: string, finished = false): void {
  const names = draft.spec.containers.map((container) => container.name).join(' ')
  const unready = finished
    ? { reason: 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` }
  const conditions = draft.status.conditions ?? []
  for (const type of ['Ready', 'ContainersReady']) {
    setCondition(conditions, { type, ...(ready ? { status: 'True' } : { status: 'False', ...unready }) }, time)
  }
  draft.status.conditions = conditions
}
