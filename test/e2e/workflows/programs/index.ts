/** Workflows that use what the language can say, each named like what it exports. */
export * from './endings';
export * from './flow';
export * from './questions';
export * from './servers-and-objects';
export * from './shared';
