import { ownerReference } from '../kube/objectStore'
import type { CronJob, Job } from '../kube/objects'
import { isTrue } from './conditions'
import { isReady } from './podState'
import { podOf } from './podTemplates'
import { type Controller, managers, type World } from './world'

/** A Job a minute for each CronJob, each Job's pod, and no more finished ones than the limits keep. */
export const jobs: Controller = (world) => {
  for (const cron of world.objects.list('CronJob')) schedule(world, cron)
  for (const job of world.objects.list('Job')) advance(world, job)
}

const minuteMs = 60_000

function schedule(world: World, cron: CronJob): void {
  const { objects } = world
  const minute = Math.floor(world.nowMs() / minuteMs)
  // `*/2 * * * *` and `* * * * *` are the only schedules of the demo.
  const every = cron.spec.schedule.startsWith('*/2') ? 2 : 1
  const name = `${cron.metadata.name}-${minute}`
  const last = cron.status.lastScheduleTime
  const scheduled = objects.time(minute * minuteMs)
  if (minute % every !== 0 || (last !== undefined && last >= scheduled)) {
    tidy(world, cron)
    return
  }
  const job = createJob(world, cron, name)
  objects.update<'CronJob'>(cron, managers.controllerStatus, (draft) => {
    draft.status.lastScheduleTime = scheduled
    const { apiVersion, kind, metadata } = job
    draft.status.active = [{ apiVersion, kind, name: metadata.name, namespace: metadata.namespace, uid: metadata.uid }]
  })
  world.events.record(cron, 'cronjob-controller', 'Normal', 'SuccessfulCreate', `Created job ${name}`)
}

function createJob(world: World, cron: CronJob, name: string): Job {
  const uid = world.random.uuid()
  const { namespace } = cron.metadata
  const template = structuredClone(cron.spec.jobTemplate.spec.template)
  const labels = { ...template.metadata.labels, 'batch.kubernetes.io/controller-uid': uid, 'job-name': name }
  template.metadata.labels = labels
  return world.objects.create(
    'Job',
    {
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels,
        ownerReferences: [ownerReference(cron)],
      },
      spec: {
        parallelism: 1,
        completions: 1,
        backoffLimit: cron.spec.jobTemplate.spec.backoffLimit,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
        template,
        completionMode: 'NonIndexed',
        suspend: false,
      },
      status: {},
    },
    managers.controllerManager,
  )
}

function advance(world: World, job: Job): void {
  const { objects, events } = world
  if (isTrue(job.status.conditions, 'Complete')) return
  const pod = objects.ownedBy('Pod', job)[0]
  if (pod === undefined) {
    const generateName = `${job.metadata.name}-`
    const name = `${generateName}${world.random.suffix(5)}`
    objects.create('Pod', podOf(job, job.spec.template, { name, generateName }), managers.controllerManager)
    events.record(job, 'job-controller', 'Normal', 'SuccessfulCreate', `Created pod: ${name}`)
    objects.update<'Job'>(job, managers.controllerStatus, (draft) => {
      draft.status = { startTime: objects.time(), active: 1 }
    })
    return
  }
  const ready = isReady(pod) ? 1 : 0
  if (pod.status.phase !== 'Succeeded') {
    const present = objects.get('Job', job.metadata.namespace, job.metadata.name) ?? job
    objects.replace<'Job', 'status'>(present, managers.controllerStatus, 'status', { ...present.status, ready })
    return
  }
  objects.update<'Job'>(job, managers.controllerStatus, (draft) => {
    const time = objects.time()
    const { startTime } = draft.status
    const reason = 'CompletionsReached'
    draft.status = {
      ...(startTime === undefined ? {} : { startTime }),
      completionTime: time,
      succeeded: 1,
      ready: 0,
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True', reason, lastProbeTime: time, lastTransitionTime: time },
        { type: 'Complete', status: 'True', reason, lastProbeTime: time, lastTransitionTime: time },
      ],
    }
  })
  events.record(job, 'job-controller', 'Normal', 'Completed', 'Job completed')
}

/** After a Job is through: the CronJob's own status, and the oldest Jobs go with their pods. */
function tidy(world: World, cron: CronJob): void {
  const { objects } = world
  const owned = objects.ownedBy('Job', cron)
  const done = owned
    .filter((job) => isTrue(job.status.conditions, 'Complete'))
    .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name))
  const newest = done.at(-1)
  if (newest !== undefined && done.length === owned.length) {
    objects.update<'CronJob'>(cron, managers.controllerStatus, (draft) => {
      delete draft.status.active
      if (newest.status.completionTime !== undefined) draft.status.lastSuccessfulTime = newest.status.completionTime
    })
  }
  for (const job of done.slice(0, Math.max(0, done.length - cron.spec.successfulJobsHistoryLimit))) {
    for (const pod of objects.ownedBy('Pod', job)) objects.remove(pod)
    objects.remove(job)
  }
}
