/** A body that is sent several times. Its JSON is written once. */
export class ReadyBody {
  readonly json: string

  constructor(body: object) {
    this.json = JSON.stringify(body)
  }
}
