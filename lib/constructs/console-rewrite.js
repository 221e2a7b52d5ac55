// A CloudFront function: says which file answers an address. The documentation's files lie below the console's. Of the
// console, only its hashed files are files; every other path is a page, so index.html. Before this text stand
// DOCS_FILES and NOT_FOUND: the bucket, which is not listed, answers 403 for a file that is not there.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request;
  if (!request.uri.startsWith('/docs/')) {
    if (!request.uri.startsWith('/console/assets/')) request.uri = '/console/index.html';
    return request;
  }
  const file = fileOf(request.uri.slice('/docs/'.length));
  if (!file.startsWith('assets/') && !DOCS_FILES.includes(file)) return notFound();
  request.uri = `/console/docs/${file}`;
  return request;
}

function fileOf(page) {
  if (page === '' || page.endsWith('/')) return `${page}index.html`;
  return page.slice(page.lastIndexOf('/') + 1).includes('.') ? page : `${page}.html`;
}

function notFound() {
  return {
    statusCode: 404,
    statusDescription: 'Not Found',
    headers: { 'content-type': { value: 'text/html; charset=utf-8' } },
    body: { encoding: 'text', data: NOT_FOUND },
  };
}
