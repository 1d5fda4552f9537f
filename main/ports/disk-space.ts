/** Room on the file system that holds the data folder. */
export interface DiskSpace {
  /** Bytes an unprivileged process can still write, and the size of the file system. Cheap enough to call each second. */
  read(): Promise<{ freeBytes: number; totalBytes: number }>;
  /** Name of a file of the store that is no longer the one at its path: removed, moved or replaced since the first call. */
  replaced(): Promise<string | undefined>;
}
