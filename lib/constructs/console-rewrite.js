// A CloudFront function: says which file answers an address. The documentation's files lie below the console's. Of the
// console, only its hashed files are files; every other path is a page, so index.html.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request;
  if (request.uri.startsWith('/docs/')) request.uri = `/console${pageOf(request.uri)}`;
  else if (!request.uri.startsWith('/console/assets/')) request.uri = '/console/index.html';
  return request;
}

function pageOf(uri) {
  if (uri.endsWith('/')) return `${uri}index.html`;
  return uri.slice(uri.lastIndexOf('/')).includes('.') ? uri : `${uri}.html`;
}
