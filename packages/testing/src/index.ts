// clock
export type { FakeClockOptions } from './clock/fake-clock.js';
export { FakeClock } from './clock/fake-clock.js';

// scenarios
export type { GivenEvents, ProjectionScenarioOptions } from './scenarios/projection-scenario.js';
export { projectionScenario } from './scenarios/projection-scenario.js';
export type { StreamEvents } from './scenarios/recorded.js';
export { inStream } from './scenarios/recorded.js';
