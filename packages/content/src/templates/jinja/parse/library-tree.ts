/** The used part of the tree that the library's parser returns. The library's own types cannot be imported. */
export type Tree = StatementTree | ExpressionTree

export type StatementTree =
  | { type: 'Comment'; value: string }
  | IfTree
  | {
      type: 'For'
      loopvar: ExpressionTree
      iterable: ExpressionTree
      body: Tree[]
      defaultBlock: Tree[]
    }
  | { type: 'Set'; assignee: ExpressionTree; value: ExpressionTree | null; body: Tree[] }
  | { type: 'FilterStatement'; filter: ExpressionTree; body: Tree[] }
  | { type: 'Break' | 'Continue' | 'Macro' | 'CallStatement' }

export type IfTree = { type: 'If'; test: ExpressionTree; body: Tree[]; alternate: Tree[] }

export type ExpressionTree =
  | { type: 'StringLiteral' | 'Identifier'; value: string }
  | { type: 'IntegerLiteral' | 'FloatLiteral'; value: number }
  | { type: 'ArrayLiteral' | 'TupleLiteral'; value: ExpressionTree[] }
  | { type: 'ObjectLiteral'; value: Map<ExpressionTree, ExpressionTree> }
  | {
      type: 'MemberExpression'
      object: ExpressionTree
      property: ExpressionTree
      computed: boolean
    }
  | {
      type: 'SliceExpression'
      start?: ExpressionTree
      stop?: ExpressionTree
      step?: ExpressionTree
    }
  | { type: 'CallExpression'; callee: ExpressionTree; args: ExpressionTree[] }
  | { type: 'KeywordArgumentExpression'; key: { value: string }; value: ExpressionTree }
  | { type: 'SpreadExpression' | 'KeywordSpreadExpression' }
  | { type: 'UnaryExpression'; operator: { value: string }; argument: ExpressionTree }
  | {
      type: 'BinaryExpression'
      operator: { value: string }
      left: ExpressionTree
      right: ExpressionTree
    }
  | { type: 'FilterExpression'; operand: ExpressionTree; filter: ExpressionTree }
  | { type: 'TestExpression'; operand: ExpressionTree; negate: boolean; test: { value: string } }
  | {
      type: 'Ternary'
      condition: ExpressionTree
      trueExpr: ExpressionTree
      falseExpr: ExpressionTree
    }
  | { type: 'SelectExpression'; lhs: ExpressionTree; test: ExpressionTree }
