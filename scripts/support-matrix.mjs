// A vitest reporter: prints which adapter passed which contract suite, and closes with the plain counts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { supportMatrix, supportTable } from './support-table.mjs';
import { root } from './workspace.mjs';

export default class SupportMatrixReporter {
  onInit(vitest) {
    this.vitest = vitest;
  }

  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    const matrix = supportMatrix(
      tests.map((test) => ({ state: test.result().state, meta: test.meta() })),
      suites.map((suite) => suite.meta()),
    );
    this.#save(matrix);
    const table = supportTable(matrix);
    if (table) this.vitest.logger.log(`\nSupport matrix, from the suites of this run\n\n${table}\n`);
    this.vitest.logger.log(countsLine(tests, modules));
  }

  #save(matrix) {
    // A run of some files says nothing of the adapters that it left out.
    const complete = !this.vitest.filenamePattern?.length && !this.vitest.config.testNamePattern;
    mkdirSync(`${root}.cache`, { recursive: true });
    writeFileSync(
      `${root}.cache/support-matrix.json`,
      `${JSON.stringify({ complete, ...matrix }, null, 2)}\n`,
    );
  }
}

function countsLine(tests, modules) {
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  // A file that could not be loaded, or whose hooks threw, has failed even if it holds no failed test.
  const brokenFiles = modules.filter(
    (module) =>
      module.state() === 'failed' &&
      ![...module.children.allTests()].some((test) => test.result().state === 'failed'),
  ).length;
  return `${count('passed')} passed, ${count('failed') + brokenFiles} failed, ${count('skipped') + count('pending')} skipped`;
}
