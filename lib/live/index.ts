export { eventStream } from './eventStream'
export { LiveHub, type LiveOptions } from './liveHub'
export { type Frame, Subscription } from './subscription'
