import { Bytes } from './Figures'

interface SecretEntriesProps {
  readonly entries: readonly { readonly name: string; readonly valueBytes: number; readonly fingerprint: string }[]
}

/** What is known of the entries of a redacted Secret: equal fingerprints are equal values, in any Secret. */
export function SecretEntries({ entries }: SecretEntriesProps) {
  if (entries.length === 0) return <p className="mid">The Secret has no entries.</p>
  return (
    <table className="plain-table" aria-label="Entries of the Secret">
      <thead>
        <tr>
          <th>Entry</th>
          <th className="num">Size</th>
          <th>Fingerprint</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ name, valueBytes, fingerprint }) => (
          <tr key={name}>
            <td className="mono">{name}</td>
            <td className="num">
              <Bytes value={valueBytes} />
            </td>
            <td className="mono">{fingerprint}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
