import type { EntryChange } from './prepareEntries'

const order = { replaced: 0, added: 1, removed: 2, equal: 3 } as const

/** The entries of a Secret by name: length, fingerprint, and whether they differ between the two versions. */
export function RedactedEntries({ entries }: { entries: readonly EntryChange[] }) {
  const sorted = [...entries].sort((a, b) => order[a.state] - order[b.state])
  return (
    <ul className="redacted-entries" aria-label="Entries of the Secret">
      {sorted.map(({ name, before, after, state }) => (
        <li key={name} data-state={state}>
          <b className="mono">{name}</b>
          <span>{state}</span>
          <span className="mid">
            {state === 'replaced' && before !== null && (
              <>
                <span className="mono">{before}</span> →{' '}
              </>
            )}
            <span className="mono">{after ?? before}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
