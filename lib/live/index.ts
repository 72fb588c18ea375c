export { eventStream } from './eventStream'
export { LiveHub } from './liveHub'
