declare module 'fs-native-extensions' {
  /** Locks the open file for its descriptor alone; false while another descriptor, of any process, has the lock. */
  export function tryLock(descriptor: number): boolean;
}
