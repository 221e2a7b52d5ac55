import { table } from '../table.js';
import type { LoadReport } from './load-time.js';

export function loadTable(reports: readonly LoadReport[]): string {
  const rows = reports.map(({ name, kilobytes, gzippedKilobytes, importMs, sdkMs, ratio, leanSdkMs, leanRatio }) => [
    name,
    kilobytes.toFixed(0),
    gzippedKilobytes.toFixed(0),
    importMs.toFixed(0),
    sdkMs.toFixed(0),
    ratio.toFixed(2),
    leanSdkMs.toFixed(0),
    leanRatio.toFixed(2),
  ]);
  const head = ['function', 'KB', 'gzipped', 'import ms', 'SDK alone ms', 'ratio', 'SDK as bundled ms', 'ratio'];
  return table([head, ...rows]);
}
