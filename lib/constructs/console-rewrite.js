// A CloudFront function: of the console, only its hashed files are files; every other path is a page, so index.html.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request;
  if (!request.uri.startsWith('/console/assets/')) request.uri = '/console/index.html';
  return request;
}
