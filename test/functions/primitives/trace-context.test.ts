import { parseTraceparent } from '../../../functions/primitives/trace-context.js';

const ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

test.each([
  [`00-${ID}-${PARENT}-01`, { id: ID, flags: '01' }],
  [`00-${ID}-${PARENT}-00`, { id: ID, flags: '00' }],
  // A later version may carry more.
  [`cc-${ID}-${PARENT}-01-what-the-future-brings`, { id: ID, flags: '01' }],
])('%s is continued', (header, trace) => {
  expect(parseTraceparent(header)).toEqual(trace);
});

test.each([
  undefined,
  '',
  'nonsense',
  `ff-${ID}-${PARENT}-01`,
  `00-${'0'.repeat(32)}-${PARENT}-01`,
  `00-${ID}-${'0'.repeat(16)}-01`,
  `00-${ID.toUpperCase()}-${PARENT}-01`,
  `00-${ID}-${PARENT}-1`,
  `00-${ID}-${PARENT}-010`,
])('%p begins no trace', (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});
