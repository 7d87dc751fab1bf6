import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './system-clock.js';

const day = 24 * 60 * 60 * 1000;

describe("the machine's clock", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits longer than one timer of the machine can', () => {
    vi.useFakeTimers();
    const due = vi.fn();
    systemClock.after(60 * day, due);
    vi.advanceTimersByTime(60 * day - 1);
    expect(due).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(due).toHaveBeenCalledOnce();
  });

  it('cancels such a wait at any time of it', () => {
    vi.useFakeTimers();
    const due = vi.fn();
    const cancel = systemClock.after(60 * day, due);
    vi.advanceTimersByTime(30 * day);
    cancel();
    vi.advanceTimersByTime(60 * day);
    expect(due).not.toHaveBeenCalled();
  });
});
