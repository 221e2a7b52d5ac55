/** For jest, what the bundler's text loader does: a file's text is its module's default export. */
module.exports = {
  process: (text) => ({ code: `module.exports = { __esModule: true, default: ${JSON.stringify(text)} };` }),
};
