import { expect, test } from 'vitest'
import { differencesOf } from './differences.ts'

test.for([
  [{ a: 1, b: 2 }, { a: 1 }, []],
  [{ model: { id: 'x', parameters: {} } }, { model: 'x' }, []],
  [{ key: '********' }, { key: 'secret' }, []],
  [{}, { tools: [], note: null }, []],
  [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, [{ path: 'a.b[1]', before: 2, after: 3 }]],
  [{ a: [1] }, { a: [1, 2] }, [{ path: 'a', before: [1], after: [1, 2] }]],
  [{ model: { id: 'x' } }, { model: 'y' }, [{ path: 'model', before: { id: 'x' }, after: 'y' }]],
  [{}, { a: 'new' }, [{ path: 'a', after: 'new' }]],
] as const)('%j beside %j', ([known, wanted, differences]) => {
  expect(differencesOf(known, wanted)).toEqual(differences)
})
