/** A hex view that is computed a row at a time, as `xxd` prints it: offset, sixteen bytes in pairs, their ASCII. */
export const ROW_BYTES = 16

export interface HexRow {
  readonly offset: string
  readonly hex: string
  readonly ascii: string
}

export const hexRowCount = (bytes: Uint8Array): number => Math.ceil(bytes.length / ROW_BYTES)

export function hexRow(bytes: Uint8Array, row: number): HexRow {
  const at = row * ROW_BYTES
  const part = bytes.subarray(at, at + ROW_BYTES)
  let hex = ''
  let ascii = ''
  part.forEach((byte, i) => {
    hex += `${i > 0 && i % 2 === 0 ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`
    ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
  })
  return { offset: at.toString(16).padStart(8, '0'), hex, ascii }
}
