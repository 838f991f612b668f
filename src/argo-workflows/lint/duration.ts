const DURATION = /^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;

/** What Go reads as a duration: numbers with units, or 0. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/** What Argo reads in most places: a duration, or whole seconds without a unit. */
export function isDurationOrSeconds(text: string): boolean {
  return /^[+-]?\d+$/.test(text) || isDuration(text);
}
