import { table } from '../table.js';
import type { LoadReport } from './load-time.js';

export function loadTable(reports: readonly LoadReport[]): string {
  const rows = reports.map(({ name, kilobytes, gzippedKilobytes, importMs, sdkMs, ratio }) => [
    name,
    kilobytes.toFixed(0),
    gzippedKilobytes.toFixed(0),
    importMs.toFixed(0),
    sdkMs.toFixed(0),
    ratio.toFixed(2),
  ]);
  return table([['function', 'KB', 'gzipped', 'import ms', 'SDK alone ms', 'ratio'], ...rows]);
}
