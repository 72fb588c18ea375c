/** One line for the terminal. Times come from the terminal's own tools; what matters stands in the record. */
export function logLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
