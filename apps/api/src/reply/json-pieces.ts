/** The JSON of an object, the same as from `JSON.stringify`, in pieces: each item of its lists is a piece. */
export function* jsonPieces(body: object): Generator<string> {
  let before = '{'
  for (const [name, value] of Object.entries(body)) {
    if (!Array.isArray(value)) {
      const json = JSON.stringify(value) as string | undefined
      if (json === undefined) continue
      yield `${before}${JSON.stringify(name)}:${json}`
    } else {
      yield `${before}${JSON.stringify(name)}:[`
      for (const [at, item] of value.entries()) {
        yield `${at === 0 ? '' : ','}${(JSON.stringify(item) as string | undefined) ?? 'null'}`
      }
      yield ']'
    }
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}
