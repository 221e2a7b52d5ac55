/** jest's `globalTeardown`, in the process of its `globalSetup`. */
module.exports = () => globalThis.removeTemporaryFolder();
