/** Compares dotted versions such as `3.5.30`; anything after the numbers (`-alpha.0`) is ignored. */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a)
  const right = numbersOf(b)
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

/** True when the version has a fix that came with the given releases, one per minor line. */
export function hasFix(version: string, fixedIn: readonly string[]): boolean {
  const [major = 0, minor = 0] = numbersOf(version)
  const sameLine = fixedIn.find((fix) => {
    const [fixMajor, fixMinor] = numbersOf(fix)
    return fixMajor === major && fixMinor === minor
  })
  if (sameLine) return compareVersions(version, sameLine) >= 0
  // A line without an entry of its own: newer than all of them has the fix from its start, older never got it.
  return fixedIn.every((fix) => compareVersions(version, fix) > 0)
}

/** A progress request on a watcher that is still catching up could lie before these. */
export function hasSafeProgress(version: string): boolean {
  return hasFix(version, ['3.4.25', '3.5.8'])
}

function numbersOf(version: string): number[] {
  return (version.match(/\d+/g) ?? []).slice(0, 3).map(Number)
}
