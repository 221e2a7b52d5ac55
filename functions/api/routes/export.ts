import * as z from 'zod/mini';
import { toJson } from '../../primitives/json-text.js';
import { EXPORT_TYPES, type ExportType } from '../../subjects/projects/export-types.js';
import { route } from '../http/route.js';
import { EXPORT_SECTIONS } from './export-sections.js';
import { findProject } from './projects.js';

const PATH = '/v1/projects/{id}/export';
/** Objects of one read. */
const READ = 10;
/** Objects of one answer; an answer has 30 seconds. */
const MOST = 500;
/**
 * Bytes of one answer. A Lambda answers at most 6 MB ("Lambda quotas", Developer Guide), in which the body is a JSON
 * string; a single line has 2 MB at most.
 */
const MOST_BYTES = 3_500_000;
const CURSOR = /^([a-z_]+)(?:\.([a-z]{2,4}_[0-9a-f]{32}))?$/;

const cursorSchema = z
  .string()
  .check(z.refine((text) => typeOf(text) !== undefined, 'Must be the cursor of an earlier Link header.'));
const exportQuery = z.strictObject({ cursor: z.optional(cursorSchema) });

/** Where an export goes on: within a section, before an id. */
interface Place {
  readonly type: ExportType;
  readonly before: string | undefined;
}

export const routes = [
  route(`GET ${PATH}`, {
    access: 'person',
    needs: 'administer',
    summary: 'Exports all data of a project, one object on each line.',
    description:
      'Each line has the `type` of an object and, as `data`, what the API shows of it alone. Go on with the Link header, ' +
      'until an answer has none. All objects that exist when the export begins, and are not deleted meanwhile, are in it. ' +
      'Secrets, statistics and the audit are not.',
    query: exportQuery,
    async handle({ params, query }, ports) {
      const project = await findProject(ports, params['id']!);
      let place: Place | undefined = placeOf(query.cursor ?? EXPORT_TYPES[0]);
      const lines: string[] = [];
      let bytes = 0;
      while (place !== undefined && lines.length < MOST && bytes < MOST_BYTES) {
        const { type, before }: Place = place;
        const { objects, end } = await EXPORT_SECTIONS[type](ports, project, before, READ);
        let last: string | undefined;
        for (const [id, data] of objects) {
          const line = `${toJson({ type, data })}\n`;
          const size = Buffer.byteLength(JSON.stringify(line));
          if (lines.length > 0 && bytes + size > MOST_BYTES) break;
          lines.push(line);
          bytes += size;
          last = id;
        }
        const isWhole = last === objects.at(-1)?.[0];
        if (!isWhole) {
          place = { type, before: last ?? before };
          break;
        }
        place = end === undefined ? sectionAfter(type) : { type, before: end };
      }
      const link = place && { link: `<${PATH.replace('{id}', project.id)}?cursor=${cursorOf(place)}>; rel="next"` };
      return {
        status: 200,
        body: lines.join(''),
        headers: { 'content-type': 'application/x-ndjson; charset=utf-8', ...link },
      };
    },
  }),
];

function typeOf(cursor: string): ExportType | undefined {
  const [, section] = CURSOR.exec(cursor) ?? [];
  return EXPORT_TYPES.find((type) => type === section);
}

function placeOf(cursor: string): Place {
  return { type: typeOf(cursor)!, before: CURSOR.exec(cursor)?.[2] };
}

function cursorOf({ type, before }: Place): string {
  return before === undefined ? type : `${type}.${before}`;
}

function sectionAfter(type: ExportType): Place | undefined {
  const next = EXPORT_TYPES[EXPORT_TYPES.indexOf(type) + 1];
  return next && { type: next, before: undefined };
}
