import { type Destination, kindOf } from '../../destinations/registry.js';
import { invalid } from '../../primitives/faults.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { Project } from '../../subjects/projects/project.js';

/**
 * The deliverer asks the same before each call, since what may be reached may have become less. So what is there already is
 * not asked about: a change of another field, such as a pause, must not fail because of it.
 * @param at the pointer of the object that holds the destination's fields
 * @throws InvalidRequestError for a destination that the installation, or the project, may not reach
 */
export function assertReachable(
  { settings }: Pick<ApiPorts, 'settings'>,
  { allowed_targets: ofProject }: Pick<Project, 'allowed_targets'>,
  destination: Destination | undefined,
  at: string,
): void {
  const fault = destination && kindOf(destination).unreachable?.(destination, { ...settings, ofProject });
  if (fault) throw invalid(at + fault.pointer, fault.message);
}
