/** A `redis-server` that can be run. */
export interface RedisProgram {
  readonly path: string;
  /** Where the libraries are that the system does not have. */
  readonly libraries?: string;
}
