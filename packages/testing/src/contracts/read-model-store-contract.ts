import { contract } from './contract.js';
import { copies } from './read-model-copies-contract.js';
import { deleting, isolation, sizes, writing } from './read-model-documents-contract.js';
import { finding, paging } from './read-model-find-contract.js';
import type { ReadModelStoreFactory } from './read-model-fixture.js';

/** What `ReadModelStore` means. */
export function readModelStoreContract(adapter: string, factory: ReadModelStoreFactory): void {
  contract('read-model store', adapter, factory, (suite) => {
    writing(suite);
    deleting(suite);
    isolation(suite);
    finding(suite);
    paging(suite);
    copies(suite);
    sizes(suite);
  });
}
