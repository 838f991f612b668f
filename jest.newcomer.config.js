const unit = require('./jest.config');

/** The way of somebody who has only just cloned this: minutes, and downloads. */
/** @type {import('jest').Config} */
module.exports = {
  ...unit,
  testMatch: ['<rootDir>/test/newcomer/**/*.newcomer.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 900_000,
};
