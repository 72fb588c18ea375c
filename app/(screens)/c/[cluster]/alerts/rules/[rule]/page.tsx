import { RuleScreen } from '../RuleScreen'

export default async function RulePage({ params }: { params: Promise<{ cluster: string; rule: string }> }) {
  const { cluster, rule } = await params
  return <RuleScreen cluster={decodeURIComponent(cluster)} rule={decodeURIComponent(rule)} />
}
