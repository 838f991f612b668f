/** Where a value stands in an object: names of fields and positions in lists. */
export type FieldPath = readonly (string | number)[];

/** `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`. */
export function formatFieldPath(path: FieldPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step) && step !== '[]') return `[${JSON.stringify(step)}]`;
      return index === 0 || step === '[]' ? step : `.${step}`;
    })
    .join('');
}
