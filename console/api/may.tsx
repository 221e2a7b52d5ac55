import type { ComponentChildren } from 'preact';
import type { Schemas } from './client.js';
import { useProject } from './project.js';
import { useSession } from './session.js';

/** What a row of the API asks of its caller. */
export type Permission = Schemas['Session']['permissions'][string][number];

interface MayProps {
  readonly needs: Permission;
  /** By default the chosen project; `*` stands for all projects. */
  readonly project?: string;
  /** Shown instead. */
  readonly otherwise?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** What needs a permission: what the API would refuse to this session is not rendered. */
export function May({ needs, project, otherwise = null, children }: MayProps) {
  const { may } = useSession();
  const chosen = useProject()?.project.id;
  return <>{may(needs, project ?? chosen) ? children : otherwise}</>;
}

/** Whether the session may do this in the chosen project. */
export function useMay(needs: Permission): boolean {
  const { may } = useSession();
  return may(needs, useProject().project.id);
}
