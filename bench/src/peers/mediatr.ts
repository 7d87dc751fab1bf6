import { Mediator, NotificationData, notificationHandler, RequestData, requestHandler } from 'mediatr-ts';
import type { Work } from '../harness/work.js';

export interface MediatrPeer {
  /** Commands and queries are one thing here. */
  send(): Promise<unknown>;
  publish(): Promise<void>;
}

/**
 * mediatr-ts with so many registered types of each kind; the last of them is driven. Its table of handlers is one
 * for the whole process, so a process must make one width only.
 */
export function mediatrPeer(work: Work, width: number): MediatrPeer {
  const { Ask, Told } = Array.from({ length: width }, () => handledTypes(work)).at(-1)!;
  const mediator = new Mediator(); // after the handlers are registered: only then does it know them
  return {
    send: () => mediator.send(new Ask()),
    publish: () => mediator.publish(new Told()),
  };
}

function handledTypes(work: Work) {
  class Ask extends RequestData<string> {}
  class Told extends NotificationData {}
  class OnAsk {
    handle() {
      return work.handle();
    }
  }
  class OnTold {
    handle() {
      return work.handleEvent();
    }
  }
  requestHandler(Ask)(OnAsk);
  notificationHandler(Told)(OnTold);
  return { Ask, Told };
}
