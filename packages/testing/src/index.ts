// clock
export type { FakeClockOptions } from './clock/fake-clock.js';
export { FakeClock } from './clock/fake-clock.js';
