/** Steps that go on serving while others use them. */
export interface Daemons {
  readonly add: (stop: () => Promise<void>) => void;
  /** Ends them, the last one first. */
  readonly stop: () => Promise<void>;
}

/** The daemons of one template, which end with it. */
export function newDaemons(): Daemons {
  const stops: (() => Promise<void>)[] = [];
  return {
    add: (stop) => {
      stops.push(stop);
    },
    stop: async () => {
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
    },
  };
}
