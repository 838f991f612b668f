// Colours are for people: what is printed is compared without them, also where CI asks for them.
process.env.NO_COLOR = '1';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Nothing is judged by time, and a busy machine takes its own: this only ends what hangs.
  testTimeout: 60_000,
  // Of two processors, one would stay idle otherwise.
  maxWorkers: '100%',
  setupFiles: ['<rootDir>/test/support/fast-check.ts'],
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  moduleFileExtensions: ['ts', 'js', 'json'],
};
