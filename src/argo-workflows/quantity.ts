const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;

const MULTIPLIERS: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** The number that a quantity of Kubernetes stands for; undefined when it is none. */
export function parseQuantity(text: string): number | undefined {
  const [found, number = '', suffix = ''] = QUANTITY.exec(text) ?? [];
  if (found === undefined) return undefined;
  const multiplier = MULTIPLIERS[suffix];
  return multiplier === undefined ? Number(number + suffix) : Number(number) * multiplier;
}
