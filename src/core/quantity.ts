const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;

const MULTIPLIERS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The number that a Kubernetes quantity stands for (cores, bytes or a count), or undefined when it is malformed.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string | number): number | undefined {
  const match = QUANTITY.exec(String(text));
  if (!match) return undefined;
  const [, number = '', suffix = ''] = match;
  const multiplier = MULTIPLIERS[suffix];
  return multiplier === undefined ? Number(number + suffix) : Number(number) * multiplier;
}

/** Like {@link parseQuantity}, for values that were validated before. */
export function quantity(text: string | number): number {
  const value = parseQuantity(text);
  if (value === undefined) throw new TypeError(`not a quantity: ${JSON.stringify(text)}`);
  return value;
}

/** Bytes as a person writes them: the largest binary unit that divides them, otherwise Mi rounded up. */
export function formatBytes(bytes: number): string {
  for (const unit of ['Gi', 'Mi', 'Ki']) {
    const size = MULTIPLIERS[unit] ?? 1;
    if (bytes > 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}

/** Cores as whole numbers or millicores, the form that an API server returns. */
export function formatCores(cores: number): string {
  const milli = Math.ceil(cores * 1000 - 1e-6);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}
