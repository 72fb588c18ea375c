/** A line of YAML: the field's name quieter than its value, so that values are found by eye. */
export function CodeText({ text }: { text: string }) {
  const match = /^(\s*(?:- )?)([^\s:'"#-][^:'"]*|"[^"]*"|'[^']*')(:(?:\s|$))/.exec(text)
  const name = match?.[2]
  if (match === null || name === undefined) return text
  return (
    <>
      {match[1]}
      <span className="yaml-name">{name}</span>
      {text.slice((match[1]?.length ?? 0) + name.length)}
    </>
  )
}
