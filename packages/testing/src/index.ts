// app

export { testApp } from './app/open-test-app.js';
export type { RecordedMessages } from './app/recorded-messages.js';
export type { TestApp, TestAppOptions } from './app/test-app.js';

// clock
export type { FakeClockOptions } from './clock/fake-clock.js';
export { FakeClock } from './clock/fake-clock.js';

// doubles
export { seededRandom } from './doubles/seeded-random.js';
export { standIn } from './doubles/stand-in.js';

// scenarios
export type { CommandDecision, CommandGiven, CommandWhen } from './scenarios/command-scenario.js';
export { commandScenario } from './scenarios/command-scenario.js';
export type { DeciderDecision, DeciderGiven } from './scenarios/decider-scenario.js';
export { deciderScenario } from './scenarios/decider-scenario.js';
export type { Decision } from './scenarios/decision.js';
export type { EventGiven, EventWhen } from './scenarios/event-handler-scenario.js';
export { eventHandlerScenario } from './scenarios/event-handler-scenario.js';
export type { ExpectedFailure } from './scenarios/expected-failure.js';
export type { GivenEvents, ProjectionScenarioOptions } from './scenarios/projection-scenario.js';
export { projectionScenario } from './scenarios/projection-scenario.js';
export type { StreamEvents } from './scenarios/recorded.js';
export { inStream } from './scenarios/recorded.js';
export type { DueCommand } from './scenarios/written.js';
export { dueAt, dueIn } from './scenarios/written.js';
