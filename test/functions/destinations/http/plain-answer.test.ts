import fc from 'fast-check';
import { isPlainAnswer } from '../../../../functions/destinations/http/exchange.js';

const PLAIN = [
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.0 200 OK\r\ncontent-length:2\r\n\r\nok',
  'HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
  'HTTP/1.1 500 No\r\nTransfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\n\r\n\r\n0\r\nX-T: 1\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
];

test.each(PLAIN)('%j is plain', (bytes) => expect(isPlainAnswer(bytes)).toBe(true));

test('not with a byte more, nor with one less', () => {
  for (const bytes of PLAIN)
    for (const changed of [`${bytes}x`, `${bytes}\r\n`, bytes.slice(0, -1), `\r\n${bytes}`])
      expect([changed, isPlainAnswer(changed)]).toEqual([changed, false]);
});

test.each([
  '',
  'HTTP/1.1 200 OK\r\n\r\nuntil the end',
  'HTTP/1.1 101 Go\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 204 No\r\nContent-Type: application/json\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\nTransfer-Encoding: chunked\r\n\r\nok',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n',
])('%j is not', (bytes) => expect(isPlainAnswer(bytes)).toBe(false));

test('is told in a moment of whatever is sent', () => {
  const pieces = [
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 100 Go\r\n\r\n',
    'content-length:',
    ' ',
    '\t',
    'a:',
    'a',
    '\r\n',
    '0\r\n',
    '1;',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 3 }), fc.constantFrom(...pieces), (first, piece) => {
      const bytes = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${first.join('')}${piece.repeat(65_536 / piece.length)}x`;
      const started = performance.now();
      isPlainAnswer(bytes);
      expect(performance.now() - started).toBeLessThan(500);
    }),
  );
});
