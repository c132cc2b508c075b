/** A base URL with the version of the vendor's API, which many leave to the client. */
export function versionedUrl(baseUrl: string, version: string): string {
  const url = baseUrl.replace(/\/+$/, '')
  return /\/v\d\w*$/.test(url) ? url : `${url}/${version}`
}
