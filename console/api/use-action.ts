import { useCallback, useState } from 'preact/hooks';
import { type Problem, problemOf } from './problem.js';

export interface Action<Given extends unknown[], Result> {
  /** Performs the action, one at a time. Resolves to undefined on failure; `problem` then has the reason. */
  readonly run: (...given: Given) => Promise<Result | undefined>;
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  readonly clear: () => void;
}

/** An action of the user that takes a while and may fail. */
export function useAction<Given extends unknown[], Result>(
  perform: (...given: Given) => Promise<Result>,
): Action<Given, Result> {
  const [state, setState] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  const run = async (...given: Given) => {
    if (state.busy) return undefined;
    setState({ busy: true });
    try {
      const result = await perform(...given);
      setState({ busy: false });
      return result;
    } catch (error) {
      setState({ busy: false, problem: problemOf(error) });
      return undefined;
    }
  };
  const clear = useCallback(() => setState({ busy: false }), []);
  return { run, busy: state.busy, problem: state.problem, clear };
}
