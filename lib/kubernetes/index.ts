/** Kubernetes' storage format to objects, redaction, and the description of a change. Pure: no network, no clock. */
export { createDescriber, type Describer } from './describeChange'
export type { Described } from './described'
export { presentValue, printValue } from './presentValue'
export { recordedResource, storagePrefix } from './storagePrefix'
