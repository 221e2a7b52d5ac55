import * as z from 'zod/mini';
import { route } from '../../../../functions/api/http/route.js';
import { validate } from '../../../../functions/api/http/validate.js';
import type { ApiSettings } from '../../../../functions/runtime/api-ports.js';
import { QUOTAS } from '../../../support/quotas.js';

const settings = (allowHttp: boolean): ApiSettings => {
  return { version: '1', allowHttp, allowLoopback: false, requestLeaseMs: 0, sessionMs: 0, quotas: QUOTAS };
};

test("a schema that depends on the stage's settings is made once for each of them", () => {
  const body = jest.fn(({ allowHttp }: ApiSettings) => z.strictObject({ http: z.literal(allowHttp) }));
  const row = route('POST /', {
    access: 'public',
    needs: 'nothing',
    summary: '',
    body,
    handle: jest.fn(),
  });
  const checked = (http: boolean, by: ApiSettings) => validate(row, { value: { http }, faults: [] }, {}, by).body;
  const [open, strict] = [settings(true), settings(false)];
  expect([checked(true, open), checked(true, open), checked(false, strict)]).toEqual([
    { http: true },
    { http: true },
    { http: false },
  ]);
  expect(() => checked(true, strict)).toThrow();
  expect(body).toHaveBeenCalledTimes(2);
});
