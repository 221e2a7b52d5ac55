import { nextVia, traceState, viaOf } from '../../../functions/primitives/loops.js';

const [A, B] = ['0af7651916cd43dd8448eb211c80319c', '1af7651916cd43dd8448eb211c80319c'];

test('what a call says is what the request that it leads to came by', () => {
  expect(viaOf(traceState(undefined, `run_${A}`))).toEqual([A]);
  expect(viaOf(traceState([A], `run_${B}`))).toEqual([A, B]);
  expect(nextVia([A], `run_${B}`)).toEqual([A, B]);
});

test.each([[`vendor=x,punctual=${A}`], [`punctual=${A},vendor=x`], [`vendor=x ,\tpunctual=${A} , other=y`]])(
  '%s has our entry among others',
  (header) => {
    expect(viaOf(header)).toEqual([A]);
  },
);

test.each([
  undefined,
  '',
  'vendor=x',
  'punctual=',
  `not-punctual=${A}`,
  `punctual=${A.toUpperCase()}`,
  `punctual=${A}:`,
  `punctual=${A}${B}`,
])('%p is no chain', (header) => {
  expect(viaOf(header)).toBeUndefined();
});
