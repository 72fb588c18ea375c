// Reads app/tokens.css and checks the pairs the screens use: 4.5:1 for text, 3:1 for marks and control edges (WCAG 2.2),
// and that chart colours stay apart for normal and colour-blind sight (OKLab distance x 100, Machado 2009 simulation).
// Exits 1 when a pair falls under its minimum. Run: node scripts/contrast.mjs [--table]
import { readFileSync } from 'node:fs'

const css = readFileSync(new URL('../app/tokens.css', import.meta.url), 'utf8')
const tokensOf = (block) =>
  Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map((m) => [m[1], m[2]]))
const themes = {
  light: tokensOf(css.slice(0, css.indexOf('@media (prefers-color-scheme'))),
  dark: tokensOf(css.slice(css.indexOf("[data-theme='dark']"))),
}

const toLinear = (hex) =>
  [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
const luminance = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b
const ratio = (a, b) => {
  const [hi, lo] = [luminance(toLinear(a)), luminance(toLinear(b))].sort((x, y) => y - x)
  return (hi + 0.05) / (lo + 0.05)
}

const grounds = ['canvas', 'rail', 'panel', 'panel-alt', 'raised', 'hover']
const statuses = ['ok', 'warn', 'critical', 'info', 'unknown']
const text = [
  ...['text', 'text-2', 'text-3'].flatMap((t) => grounds.map((g) => [t, g])),
  ...['text', 'text-2', 'text-3', 'accent'].map((t) => [t, 'active']),
  ...['canvas', 'panel', 'hover', 'accent-soft', 'raised'].map((g) => ['accent', g]),
  ['text', 'accent-soft'],
  ['text-2', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-ink', 'ink'],
  ['on-ink', 'ink-hover'],
  ...statuses.flatMap((s) => ['canvas', 'panel', 'hover', `${s}-soft`].map((g) => [`${s}-text`, g])),
  ...statuses.map((s) => ['text', `${s}-soft`]),
  ...statuses.map((s) => ['text-2', `${s}-soft`]),
  ...['add', 'del'].flatMap((d) => [
    [`diff-${d}-text`, `diff-${d}-bg`],
    [`diff-${d}-text`, `diff-${d}-word`],
    ['text', `diff-${d}-bg`],
  ]),
  ['text-3', 'diff-gutter'],
  ['chart-tick', 'panel'],
]
const marks = [
  ...grounds.map((g) => ['control', g]),
  ...['canvas', 'panel', 'rail', 'hover'].map((g) => ['focus', g]),
  ...statuses.flatMap((s) => ['canvas', 'panel', 'hover', `${s}-soft`].map((g) => [`${s}-mark`, g])),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 'other'].map((n) => [`chart-${n}`, 'panel']),
  ['cursor', 'panel'],
]

const oklab = ([r, g, b]) => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}
const sight = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}
const seen = (hex, matrix) => {
  const v = toLinear(hex)
  return oklab(matrix.map((row) => Math.min(1, Math.max(0, row[0] * v[0] + row[1] * v[1] + row[2] * v[2]))))
}

let failures = 0
for (const [name, t] of Object.entries(themes)) {
  const check = (pairs, minimum, label) => {
    const rows = pairs.map(([f, b]) => ({ pair: `${f} on ${b}`, ratio: ratio(t[f], t[b]) }))
    const bad = rows.filter((r) => r.ratio < minimum)
    failures += bad.length
    const lowest = rows.reduce((a, b) => (a.ratio < b.ratio ? a : b))
    console.log(
      `${name} ${label}: ${rows.length} pairs, ${bad.length} under ${minimum}, lowest ${lowest.ratio.toFixed(2)} (${lowest.pair})`,
    )
    for (const r of process.argv.includes('--table') ? rows : bad) console.log(`  ${r.ratio.toFixed(2)}  ${r.pair}`)
  }
  check(text, 4.5, 'text')
  check(marks, 3, 'marks')
  for (const [kind, matrix] of Object.entries(sight)) {
    const points = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => seen(t[`chart-${n}`], matrix))
    let least = [Infinity, '']
    points.forEach((a, i) => {
      points.slice(i + 1).forEach((b, j) => {
        const d = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) * 100
        if (d < least[0]) least = [d, `${i + 1}/${i + j + 2}`]
      })
    })
    if (least[0] < 10) failures++
    console.log(`${name} chart, ${kind}: nearest two ${least[0].toFixed(1)} apart (${least[1]}), minimum 10`)
  }
}
process.exitCode = failures ? 1 : 0
