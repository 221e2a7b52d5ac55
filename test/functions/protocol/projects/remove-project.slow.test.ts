process.env['CALLS_APART'] = '1';
require('./remove-project.test.js');
