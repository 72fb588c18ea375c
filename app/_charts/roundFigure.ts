/** Two significant figures: what a person would have typed. Pure. */
export function roundFigure(value: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Number(value.toPrecision(2))
}
