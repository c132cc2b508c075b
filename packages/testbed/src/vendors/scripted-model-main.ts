import { startScriptedModel } from './scripted-model.ts'

// The scripted model as a process of its own: `PORT` (0: any free one) in, one JSON line out.
const model = await startScriptedModel({ port: Number(process.env['PORT'] ?? 0) })
process.stdout.write(`${JSON.stringify({ url: model.url })}\n`)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    void model.close()
  })
}
