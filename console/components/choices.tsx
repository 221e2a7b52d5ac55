import { faultAt, type Problem } from '../api/problem.js';
import './choices.css';

interface ChoicesProps {
  readonly legend: string;
  /** Name and meaning of each box, in order. */
  readonly options: readonly (readonly [string, string])[];
  readonly isTicked: (name: string) => boolean;
  readonly problem: Problem | undefined;
  /** JSON pointer of the choice in the body. */
  readonly pointer: string;
}

/** Any of several words, a box each. */
export function Choices({ legend, options, isTicked, problem, pointer }: ChoicesProps) {
  const fault = faultAt(problem, pointer);
  return (
    <fieldset class="field choices">
      <legend class="field-label">{legend}</legend>
      {options.map(([name, meaning]) => (
        <label key={name} class="choice">
          <input type="checkbox" name={name} defaultChecked={isTicked(name)} />
          <span>
            <code>{name}</code> <span class="quiet small">{meaning}</span>
          </span>
        </label>
      ))}
      {fault && <p class="fault">{fault}</p>}
    </fieldset>
  );
}
