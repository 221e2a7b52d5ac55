import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from './loading.js';
import { ProblemNotice } from './problem-notice.js';

interface Loaded<Props> {
  readonly Component?: ComponentType<Props>;
  readonly error?: unknown;
}

/** A component whose code is loaded when it is first shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  return (props) => {
    const [{ Component, error }, set] = useState<Loaded<Props>>({});
    useEffect(() => {
      load().then(
        (loaded) => set({ Component: loaded }),
        (thrown: unknown) => set({ error: thrown }),
      );
    }, []);
    if (error !== undefined) return <ProblemNotice error={error} />;
    return Component ? <Component {...props} /> : <Loading />;
  };
}
