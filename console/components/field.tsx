import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { faultAt, type Problem } from '../api/problem.js';

/** Attributes that connect a control with its label, hint and fault. */
export interface ControlProps {
  readonly id: string;
  readonly name: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: 'true' | undefined;
}

interface FieldProps extends Omit<InputHTMLAttributes, 'children' | 'label' | 'name' | 'class'> {
  readonly name: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** The API's problem with the form; the fault of this field is shown below the field. */
  readonly problem?: Problem | undefined;
  /** A fault that the page found itself. */
  readonly fault?: string | undefined;
  /** JSON pointer of this field in the body; by default `/` and the field's name. */
  readonly pointer?: string;
  readonly class?: string;
  /** The id of the field's datalist. */
  readonly list?: string;
  /** A control in place of an input. */
  readonly children?: (props: ControlProps) => ComponentChildren;
}

/** A labelled control with its hint and fault. */
export function Field({
  label,
  hint,
  problem,
  fault: own,
  pointer,
  class: className = '',
  children,
  ...input
}: FieldProps) {
  const id = useId();
  const fault = own ?? faultAt(problem, pointer ?? `/${input.name}`);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  const control: ControlProps = {
    id,
    name: input.name,
    'aria-describedby': described,
    'aria-invalid': fault ? 'true' : undefined,
  };
  return (
    <div class={`field ${className}`}>
      <label for={id}>{label}</label>
      {children ? children(control) : <input {...(input as InputHTMLAttributes)} {...control} />}
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
