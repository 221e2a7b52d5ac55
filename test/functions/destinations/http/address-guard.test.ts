import { BlockList } from 'node:net';
import fc from 'fast-check';
import {
  type AddressRules,
  checkAddress,
  checkUrl,
  writtenFault,
} from '../../../../functions/destinations/http/address-guard.js';

/** First and last address of every forbidden IPv4 block, and their public neighbours. */
const FORBIDDEN_V4 = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
] as const;
const PUBLIC_V4 = [
  '1.0.0.0',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '8.8.8.8',
];
const FORBIDDEN_V6 = [
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::8.8.8.8',
  '::ffff:0:8.8.8.8',
  '64:ff9b:1::808:808',
  '100::1',
  '2001::1',
  '2001:0:4136:e378::1',
  '2001:10::1',
  '2001:db8::1',
  '2002:808:808::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fdff:ffff::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'ff02::1',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
];
const PUBLIC_V6 = [
  '2606:4700:4700::1111',
  '2a00:1450:4001:830::200e',
  '2600:1f18::1',
  '2001:4860:4860::8888',
  '2003::1',
];

const toNumber = (ip: string) => ip.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
const toDotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
const anyForbiddenV4 = fc
  .constantFrom(...FORBIDDEN_V4)
  .chain(([first, last]) => fc.integer({ min: toNumber(first), max: toNumber(last) }))
  .map(toDotted);

/** Every way to spell an IPv4 address in a URL that WHATWG's parser (and so every modern client) understands. */
const spellings = (ip: string): string[] => {
  const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number);
  const radix = (base: 8 | 16) => (n: number) => (base === 8 ? `0${n.toString(8)}` : `0x${n.toString(16)}`);
  return [
    ip,
    `${ip}.`,
    `${toNumber(ip)}`,
    `${radix(16)(toNumber(ip))}`,
    `${radix(8)(toNumber(ip))}`,
    [a, b, c, d].map(radix(16)).join('.'),
    [a, b, c, d].map(radix(8)).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${b * 65536 + c * 256 + d}`,
    ip.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    ip.replace(/\d/g, (digit) => `%3${digit}`),
    ...embeddings(ip).map((embedded) => `[${embedded}]`),
  ];
};
const embeddings = (ip: string): string[] => {
  const hex = (toNumber(ip) + 2 ** 32).toString(16).slice(1);
  const groups = `${hex.slice(0, 4)}:${hex.slice(4)}`;
  return [`::ffff:${ip}`, `::FFFF:${groups}`, `0:0:0:0:0:ffff:${groups}`, `64:ff9b::${ip}`, `64:ff9b::${groups}`];
};

const DEPLOYED: AddressRules = { allowLoopback: false };
const LOCAL: AddressRules = { allowLoopback: true };

describe('checkAddress', () => {
  test.each(FORBIDDEN_V4.flat())('%s is forbidden', (ip) =>
    expect(checkAddress(ip, DEPLOYED)).toEqual(expect.any(String)),
  );
  test.each(FORBIDDEN_V6)('%s is forbidden', (ip) => expect(checkAddress(ip, DEPLOYED)).toEqual(expect.any(String)));
  test.each([...PUBLIC_V4, ...PUBLIC_V6])('%s is public', (ip) => expect(checkAddress(ip, DEPLOYED)).toBeUndefined());

  test('an embedded IPv4 address is judged as itself', () => {
    fc.assert(
      fc.property(anyForbiddenV4, (ip) => {
        for (const embedded of embeddings(ip)) expect(checkAddress(embedded, DEPLOYED)).toEqual(expect.any(String));
      }),
    );
    for (const embedded of embeddings('8.8.8.8')) expect(checkAddress(embedded, DEPLOYED)).toBeUndefined();
  });

  test.each(['', 'localhost', '1.2.3', '010.1.1.1', '1.2.3.4:80', '[::1]', '8.8.8.8 '])('%p is no address', (text) => {
    expect(checkAddress(text, DEPLOYED)).toBe('not an IP address');
  });

  test('the local stack reaches loopback, and nothing else', () => {
    const allowed = ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'];
    for (const ip of allowed) expect(checkAddress(ip, LOCAL)).toBeUndefined();
    const others = [...FORBIDDEN_V4.flat(), ...FORBIDDEN_V6].filter((ip) => !/^127|^::1$|:1$/.test(ip));
    for (const ip of [...others, '64:ff9b::7f00:1']) expect(checkAddress(ip, LOCAL)).toEqual(expect.any(String));
  });

  describe('with private ranges that are allowed', () => {
    const allowedPrivateRanges = new BlockList();
    allowedPrivateRanges.addSubnet('10.20.0.0', 16, 'ipv4');
    allowedPrivateRanges.addSubnet('100.64.8.0', 24, 'ipv4');
    allowedPrivateRanges.addSubnet('fd12:3456:789a::', 48, 'ipv6');
    const rules = { allowLoopback: false, allowedPrivateRanges };

    test.each([
      '10.20.0.0',
      '10.20.255.255',
      '::ffff:10.20.3.4',
      '::ffff:a14:304',
      '100.64.8.9',
      'fd12:3456:789a::1',
      'fd12:3456:789a:ffff:ffff:ffff:ffff:ffff',
    ])('%s is let through', (ip) => expect(checkAddress(ip, rules)).toBeUndefined());

    test.each([
      '10.19.255.255',
      '10.21.0.0',
      '::ffff:10.21.0.0',
      '64:ff9b::10.20.3.4',
      '::10.20.3.4',
      '2002:a14:304::1',
      '100.64.9.0',
      '172.16.0.1',
      'fd12:3456:789b::1',
      'fd00:ec2::254',
    ])('%s is forbidden', (ip) => expect(checkAddress(ip, rules)).toEqual(expect.any(String)));

    test('nothing else than private addresses is let through, whatever the ranges are', () => {
      const all = new BlockList();
      all.addSubnet('0.0.0.0', 0, 'ipv4');
      all.addSubnet('::', 0, 'ipv6');
      const passed = [...FORBIDDEN_V4.flat(), ...FORBIDDEN_V6, '169.254.169.254', '::ffff:169.254.169.254'].filter(
        (ip) => checkAddress(ip, { allowLoopback: false, allowedPrivateRanges: all }) === undefined,
      );
      expect(passed).toEqual([
        ...['10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255', '172.16.0.0', '172.31.255.255'],
        ...['192.168.0.0', '192.168.255.255', 'fc00::1', 'fdff:ffff::1'],
      ]);
    });
  });
});

describe('checkUrl', () => {
  const deployed = { allowHttp: true, allowLoopback: false };
  const codeOf = (url: string, settings = deployed) => checkUrl(url, settings)?.code;

  test('every spelling of every forbidden IPv4 host is blocked', () => {
    fc.assert(
      fc.property(anyForbiddenV4, fc.constantFrom('', ':8443'), (ip, port) => {
        for (const host of spellings(ip))
          expect([host, codeOf(`https://${host}${port}/x`)]).toEqual([host, 'blocked_address']);
      }),
    );
  });

  test('every spelling of a public host is let through', () => {
    for (const host of spellings('8.8.8.8')) expect([host, codeOf(`https://${host}/`)]).toEqual([host, undefined]);
  });

  test.each(FORBIDDEN_V6.filter((ip) => !ip.includes('%')))('https://[%s]/ is blocked', (ip) => {
    expect(codeOf(`https://[${ip}]/`)).toBe('blocked_address');
  });

  test.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'localhost.localdomain',
    'ip6-localhost',
    '%6cocalhost',
  ])('%s is a loopback name', (host) => {
    expect(codeOf(`https://${host}/`)).toBe('blocked_address');
    expect(codeOf(`https://${host}/`, { allowHttp: true, allowLoopback: true })).toBeUndefined();
  });

  test.each([
    'https://user:secret@example.com/',
    'https://user@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'example.com',
    '/path',
    '',
    'https://',
    'https://./',
    'https://exa\tmple.com/',
    'https://example.com/a b',
    'https://example.com/\r\nHost: x',
    'https://example.com/#part',
    `https://example.com/${'a'.repeat(2048)}`,
  ])('%p is invalid', (url) => expect(codeOf(url)).toBe('invalid_url'));

  test('http only where it is allowed', () => {
    expect(codeOf('http://example.com/')).toBeUndefined();
    expect(codeOf('http://example.com/', { allowHttp: false, allowLoopback: false })).toBe('invalid_url');
    expect(codeOf('https://example.com/hook?a=b', { allowHttp: false, allowLoopback: false })).toBeUndefined();
  });

  test('a host in a private range is let through where the range is allowed', () => {
    const allowedPrivateRanges = new BlockList();
    allowedPrivateRanges.addSubnet('10.20.0.0', 16, 'ipv4');
    const inVpc = { ...deployed, allowedPrivateRanges };
    for (const url of ['https://10.20.0.1/hook', 'https://[::ffff:10.20.0.1]/hook', 'https://0xa140001/hook'])
      expect(codeOf(url, inVpc)).toBeUndefined();
    for (const url of [
      'https://10.21.0.1/hook',
      'https://127.0.0.1/',
      'https://localhost/',
      'https://169.254.169.254/',
    ])
      expect(codeOf(url, inVpc)).toBe('blocked_address');
  });

  test('names nothing of the URL but its host', () => {
    expect(checkUrl('https://10.0.0.1/hook?token=secret', deployed)?.message).toBe(
      '10.0.0.1 is a private address, which may not be called.',
    );
    expect(checkUrl('https://user:secret@example.com/', deployed)?.message).not.toContain('secret');
  });

  test('judges any text without throwing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (url) => void checkUrl(url, deployed)));
  });
});

describe('writtenFault', () => {
  test.each([
    'https://example.com',
    'https://example.com/',
    'https://example.com?a=b',
    'HTTPS://EXAMPLE.com/Hook',
    'https://example.com:443/hook',
    'http://example.com:80/hook',
    'https://example.com:8443/hook',
    'https://example.com./hook',
    'https://xn--bcher-kva.example/hook',
    'https://8.8.8.8/hook',
    'https://[2606:4700:4700::1111]:8443/hook',
    'https://example.com/a//b',
    'https://example.com/%7Euser/gr%C3%BC%c3%9f?q=%27a%27&b=c+d&e=%2F',
    "https://example.com/o'neil(1);v=2,3:4@5!$&*+=~|[x]?a[]=1&b={2}",
    'https://example.com/a?b?c/d/../e',
  ])('%s is called as it is written', (url) => expect(writtenFault(url)).toBeUndefined());

  test.each([
    ['http:///x', 'http://x/'],
    ['http:/x', 'http://x/'],
    ['http:x', 'http://x/'],
    ['https:\\\\example.com\\a', 'https://example.com/a'],
    ['https://example.com\\a', 'https://example.com/a'],
    ['https://example.com/a\\b', 'https://example.com/a/b'],
    ['https://example.com/x?', 'https://example.com/x'],
    ['https://example.com/x#', 'https://example.com/x'],
    ['https://example.com/x?#', 'https://example.com/x'],
    ['https://@example.com/', 'https://example.com/'],
    ['https://:@example.com/', 'https://example.com/'],
    ['https://example.com:/', 'https://example.com/'],
    ['https://example.com:0443/', 'https://example.com/'],
    ['https://example.com:08443/', 'https://example.com:8443/'],
    ['https://example.com/a/../b', 'https://example.com/b'],
    ['https://example.com/a/%2e%2E/b', 'https://example.com/b'],
    ['https://example.com/a/./b', 'https://example.com/a/b'],
    ["https://example.com/?q='a'", 'https://example.com/?q=%27a%27'],
    ['https://example.com/gr\u00fc\u00df?q=\u00fc', 'https://example.com/gr%C3%BC%C3%9F?q=%C3%BC'],
    ['https://example.com/a"b<c>', 'https://example.com/a%22b%3Cc%3E'],
    ['https://example.com/\u00a0', 'https://example.com/%C2%A0'],
    ['https://example.com/\ud800', 'https://example.com/%EF%BF%BD'],
    ['https://b\u00fccher.example/', 'https://xn--bcher-kva.example/'],
    ['https://exa\u00admple.com/', 'https://example.com/'],
    ['https://example\u3002com/', 'https://example.com/'],
    ['https://%65xample.com/', 'https://example.com/'],
    ['https://0x8.8.8.8/', 'https://8.8.8.8/'],
    ['https://134744072/', 'https://8.8.8.8/'],
    ['https://8.8.8.8./', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700:0:0:0:0:1111]/', 'https://[2606:4700:4700::1111]/'],
  ])('%j would be called as %s', (url, called) => {
    expect(writtenFault(url)).toBe(`The URL would be called as ${called}; write it so.`);
    expect(writtenFault(called)).toBeUndefined();
  });

  test('what it tells to write is called as it is written, whatever was written before', () => {
    const deployed = { allowHttp: true, allowLoopback: false };
    const text = fc.string({ unit: fc.constantFrom(...'ab/?#%.\'\\@:&=2e\u00fc\u3002[]{}"') });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl({ withQueryParameters: true }),
          text.map((rest) => `https://a.example${rest}`),
        ),
        (url) => {
          if (checkUrl(url, deployed)) return;
          const told = /called as (\S+); write/.exec(writtenFault(url) ?? '')?.[1];
          if (told !== undefined) expect([told, writtenFault(told)]).toEqual([told, undefined]);
        },
      ),
    );
  });
});
