/** A statement of a parsed template. Everything in it is supported. */
export type Statement =
  | { type: 'text'; text: string }
  | { type: 'print'; value: Expression }
  | { type: 'if'; branches: { test: Expression; body: Statement[] }[]; otherwise: Statement[] }
  | {
      type: 'for'
      target: Names
      list: Expression
      /** The condition of the items that the loop visits: `for a in list if a.fits`. */
      test: Expression | undefined
      body: Statement[]
      otherwise: Statement[]
    }
  | { type: 'set'; target: Target; value: Expression }
  | { type: 'set-block'; target: Target; body: Statement[] }
  | { type: 'filter-block'; filter: Call; body: Statement[] }

export type Expression =
  | { type: 'literal'; value: string | number | boolean | null }
  | { type: 'name'; name: string }
  | { type: 'list'; items: Expression[] }
  | { type: 'map'; entries: (readonly [key: Expression, value: Expression])[] }
  | { type: 'member'; object: Expression; key: Expression }
  | {
      type: 'slice'
      object: Expression
      start: Expression | undefined
      stop: Expression | undefined
      step: Expression | undefined
    }
  | { type: 'unary'; operator: string; operand: Expression }
  | { type: 'binary'; operator: string; left: Expression; right: Expression }
  | { type: 'and' | 'or'; left: Expression; right: Expression }
  | { type: 'choice'; test: Expression; value: Expression; otherwise: Expression | undefined }
  | { type: 'filter'; operand: Expression; filter: Call }
  | { type: 'test'; operand: Expression; test: string; negated: boolean }
  | { type: 'method'; object: Expression; method: Call }
  | { type: 'range'; args: Argument[] }
  | { type: 'namespace'; values: (readonly [name: string, value: Expression])[] }

/** A filter or a method, and the arguments in the order of its parameters. */
export type Call = { name: string; args: Argument[] }
export type Argument = Expression | undefined

/** The names that a `for` or a `set` assigns to. Several names unpack a list. */
export type Names = { type: 'name'; name: string } | { type: 'names'; names: string[] }
/** `set ns.name = …` changes a namespace, also from within a loop. */
export type Target = Names | { type: 'attribute'; object: string; name: string }
