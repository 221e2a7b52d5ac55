import type { ComponentChildren } from 'preact';
import './figure.css';

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly children: ComponentChildren;
}

/** A number with its name above it and its detail below it; figures stand in a `dl` of the class `figures`. */
export function Figure({ name, value, children }: FigureProps) {
  return (
    <div class="card figure">
      <dt class="small quiet">{name}</dt>
      <dd class="figure-value numeric">{value}</dd>
      <dd class="small quiet">{children}</dd>
    </div>
  );
}
