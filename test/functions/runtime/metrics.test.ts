import { FUNCTION_ENVIRONMENT } from '../../support/function-environment.js';

test('what an invocation counted is one line on stdout, also when it fails', async () => {
  Object.assign(process.env, FUNCTION_ENVIRONMENT);
  const { counting, metrics } = await import('../../../functions/runtime/metrics.js');
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const invoke = counting(async (fails: boolean) => {
      metrics.count('delivered');
      metrics.count('delivered');
      if (fails) throw new Error('unforeseen');
      return 'done';
    });
    expect(await invoke(false)).toBe('done');
    await expect(invoke(true)).rejects.toThrow('unforeseen');
    const lines = write.mock.calls.map(([line]) => String(line));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true);
      expect(JSON.parse(line)).toMatchObject({ stage: 'dev', delivered: 2 });
    }
  } finally {
    write.mockRestore();
  }
});
