/**
 * Workflows that are not compared, or that differ on purpose, with the reason. What needs more than the test cluster has is found by
 * itself, in prepare.ts.
 */
export const NOT_COMPARED: Readonly<Record<string, string>> = {};
