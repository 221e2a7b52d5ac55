import type { Json } from './assembly.js';

/**
 * Takes resources out of a template, with every other and every output that refers to them; answers their logical ids.
 * @throws Error when a function, table or queue would have to go too: without it there is nothing to rehearse
 */
export function leaveOut(template: Json, isIt: (resource: Json) => boolean): string[] {
  const gone = new Set<string>();
  for (const [id, resource] of Object.entries(template.Resources)) if (isIt(resource)) gone.add(id);
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const [id, resource] of Object.entries(template.Resources)) if (refersTo(resource, gone)) gone.add(id);
  }
  for (const id of gone) {
    const { Type } = template.Resources[id];
    if (/^AWS::(Lambda::Function|DynamoDB::|SQS::Queue$)/.test(Type)) throw new Error(`${id} cannot be left out`);
    delete template.Resources[id];
  }
  for (const [id, output] of Object.entries(template.Outputs ?? {}))
    if (refersTo(output, gone)) delete template.Outputs[id];
  return [...gone];
}

function refersTo(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => {
    const named =
      key === 'Ref' || key === 'DependsOn' ? [inner].flat() : key === 'Fn::GetAtt' ? [inner].flat().slice(0, 1) : [];
    return named.some((id) => ids.has(id)) || refersTo(inner, ids);
  });
}
