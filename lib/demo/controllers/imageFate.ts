/** Tags that the stories use for releases that go wrong. */
export const badTags = { missing: '-rcl', crashing: '-debug' } as const

/** What becomes of a container with this image. */
export function imageFate(image: string): 'fine' | 'missing' | 'crashing' {
  if (image.endsWith(badTags.missing)) return 'missing'
  if (image.endsWith(badTags.crashing)) return 'crashing'
  return 'fine'
}
