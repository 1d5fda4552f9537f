/** A file that holds nothing but room on the disk, for the moment when there is none left. */
export interface ReserveFile {
  /** Its present size. */
  bytes(): Promise<number>;
  /** Makes it larger, with bytes that really take room. */
  grow(bytes: number): Promise<void>;
  /** Gives its room back. */
  release(): Promise<void>;
}
