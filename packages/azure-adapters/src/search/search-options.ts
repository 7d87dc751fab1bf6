import type { SearchIndexClient } from '@azure/search-documents';
import type { SearchDeclaration } from './search-declaration.js';

/** What `DefaultAzureCredential` and the other classes of `@azure/identity` are. */
export interface AccessTokens {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/** A client of the program's own, or what one is made from: an admin key, or an identity that may manage indexes. */
export type SearchConnection =
  | { readonly client: SearchIndexClient }
  | {
      /** `https://<service>.search.windows.net`. */
      readonly endpoint: string;
      readonly key: string;
    }
  | { readonly endpoint: string; readonly credential: AccessTokens };

export type SearchSinkOptions = SearchConnection & {
  /** What the indexes of the projections hold that are mirrored here. */
  readonly indexes: readonly SearchDeclaration[];
  /**
   * How the names of all indexes begin: programs that share a service need one each. A small letter with up to 19 small
   * letters and digits. Default `diptych`.
   */
  readonly prefix?: string | undefined;
  /** How long one request to an index may take, in milliseconds. Default 10,000. */
  readonly timeoutInMs?: number | undefined;
};
