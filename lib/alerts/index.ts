/**
 * Alerting without its machinery: a rule is data, evaluation and state machine are pure. One round of the engine:
 *
 *     const prepared = rules.map(prepareRule)
 *     const feed = openClusterView(reader, cluster); feed.cover(prepared.map((p) => p.needs))
 *     const view = await feed.at(nowMs)
 *     const { state, transitions } = evaluateRule(prepared[0], view, previousState, { maxStepMs: maxStepOf(intervalMs) })
 */
export { openClusterView } from './recordView'
