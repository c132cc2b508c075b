import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { InputItem } from './item-schema.ts'
import { toInput } from './to-items.ts'

const pixel = 'data:image/png;base64,AAAA'

/** What the items of an input add to a conversation. */
function read(...items: object[]) {
  const input = toInput(z.array(InputItem).parse(items))
  if (!('items' in input)) throw new Error('the input has no items')
  return input.items
}

const contentOf = (...items: object[]) =>
  read(...items).flatMap(({ messages = [] }) =>
    messages.map((message) => ({ ...message, paths: undefined })),
  )

describe('an item of an input', () => {
  test.each([
    { type: 'item_reference', id: 'anything' },
    { id: 'anything' },
    { id: 'anything', type: null },
    { id: 'msg_01M82QZJR70EW6M8MCWTHC95Q0_1_0', type: 'message' },
  ])('%j is only named', (item) => {
    expect(read(item)).toEqual([{ path: 'input[0]', id: item.id }])
  })

  test.each([
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } },
    { type: 'file_search_call', id: 'fs_1', status: 'completed', queries: ['a'] },
    { type: 'code_interpreter_call', id: 'ci_1', code: '1', container_id: 'c', outputs: null },
    { type: 'image_generation_call', id: 'ig_1', result: 'AAAA', status: 'completed' },
    { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 's', tools: [] },
    { type: 'mcp_approval_request', id: 'a', name: 'f', arguments: '{}', server_label: 's' },
    { type: 'mcp_approval_response', approval_request_id: 'a', approve: true },
    { type: 'compaction', id: 'cmp_1', encrypted_content: 'x' },
    { type: 'compaction_trigger' },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
    { type: 'from_another_year', deep: { er: [1] } },
    { type: 'from_another_year_call', call_id: 'c', name: 'f' },
    { type: 'from_another_year_call_output', call_id: 'c', output: 'x' },
  ])('of the type $type is left out', (item) => {
    expect(contentOf(item)).toEqual([])
  })

  test('has its reasoning, from its content or its summary', () => {
    const items = [
      { type: 'reasoning', id: 'a', summary: [], content: [{ type: 'reasoning_text', text: 'x' }] },
      { type: 'reasoning', id: 'b', summary: [{ type: 'summary_text', text: 'y' }] },
    ]
    const parts = contentOf(...items).map((message) => 'parts' in message && message.parts)
    expect(parts).toEqual([[{ kind: 'reasoning', text: 'x' }], [{ kind: 'reasoning', text: 'y' }]])
  })

  test('keeps refusals and annotations of an answer', () => {
    const annotations = [{ type: 'url_citation', url: 'https://example.com', title: 'T' }]
    const content = [
      { type: 'output_text', text: 'a', annotations: [] },
      { type: 'output_text', text: 'b' },
      { type: 'output_text', text: 'c', annotations },
      { type: 'refusal', refusal: 'No.' },
    ]
    expect(contentOf({ role: 'assistant', content })).toEqual([
      {
        role: 'assistant',
        calls: [],
        parts: [
          { kind: 'text', text: 'ab' },
          { kind: 'text', text: 'c', annotations },
          { kind: 'text', text: 'No.', refusal: true },
        ],
      },
    ])
  })

  test('may have images and files in the output of a call', () => {
    const output = [
      { type: 'input_text', text: 'See ' },
      { type: 'input_image', image_url: pixel },
      { type: 'input_text', text: 'both.' },
      { type: 'input_file', filename: 'a.pdf', file_url: 'https://example.com/a.pdf' },
    ]
    expect(contentOf({ type: 'function_call_output', call_id: 'c', output })).toEqual([
      {
        role: 'tool',
        results: [
          {
            callId: 'c',
            result: 'See both.',
            files: [
              { mimeType: 'image/png', bytes: 'AAAA' },
              { uri: 'https://example.com/a.pdf', name: 'a.pdf' },
            ],
          },
        ],
      },
    ])
  })

  test.each([
    ['No.', 'No.'],
    [{ type: 'http_error', code: 500, message: 'Down.' }, 'Down.'],
    [{ type: 'mcp_protocol_error', code: 1, message: 'Odd.' }, 'Odd.'],
    [{ type: 'mcp_tool_execution_error', content: [{ type: 'text', text: 'Bad.' }] }, 'Bad.'],
    [{ type: 'mcp_tool_execution_error', content: { a: 1 } }, '{"a":1}'],
  ])('has the error of an MCP call: %j', (error, result) => {
    const item = { type: 'mcp_call', id: 'm', name: 'f', arguments: '{}', server_label: 's', error }
    expect(contentOf(item)).toMatchObject([
      { calls: [{ callId: 'm', name: 'f', arguments: '{}' }] },
      { results: [{ callId: 'm', result, failed: true }] },
    ])
  })

  test('of an unknown type is a call or a result if both are there', () => {
    const items = [
      { type: 'computer_call', id: 'cu_1', call_id: 'a', action: { type: 'click' }, status: 'x' },
      { type: 'new_call', call_id: 'b', name: 'find', arguments: '{"x":1}' },
      {
        type: 'computer_call_output',
        call_id: 'a',
        output: { type: 'computer_screenshot', image_url: pixel },
      },
      { type: 'new_call_output', call_id: 'b', output: 'found' },
      { type: 'new_call_output', call_id: 'c', output: 'of no call' },
    ]
    const files = [{ mimeType: 'image/png', bytes: 'AAAA' }]
    expect(contentOf(...items)).toMatchObject([
      { calls: [{ callId: 'a', name: 'computer', arguments: '{"action":{"type":"click"}}' }] },
      { calls: [{ callId: 'b', name: 'find', arguments: '{"x":1}' }] },
      { results: [{ callId: 'a', result: '', files }] },
      { results: [{ callId: 'b', result: 'found' }] },
    ])
  })
})
