declare module 'fs-native-extensions' {
  /** Locks the open file for its descriptor alone; false while another one has it, also of this process. */
  export function tryLock(descriptor: number): boolean;
}
