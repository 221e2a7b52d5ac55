const ENVIRONMENT = {
  STAGE: 'dev',
  VERSION: '1',
  RETENTION_DAYS: '30',
  ALLOW_HTTP: 'false',
  ALLOW_LOOPBACK: 'false',
  MAX_HOPS: '500',
  AUDIT_DELIVERIES: 'false',
};

test('what an invocation counted is one line on stdout, also when it fails', async () => {
  Object.assign(process.env, ENVIRONMENT);
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
