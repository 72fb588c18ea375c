import { OverviewScreen } from './_overview/OverviewScreen'

export default function OverviewPage() {
  return <OverviewScreen />
}
