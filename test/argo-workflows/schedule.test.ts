import { expect, test } from '@jest/globals';
import { scheduleProblem } from '../../src/argo-workflows/schedule';

test.each([
  ['', '0 fields instead of 5'],
  ['* * * *', '4 fields instead of 5'],
  ['60 * * * *', 'minute: "60" is no value from 0 to 59'],
  ['* 24 * * *', 'hour: "24" is no value from 0 to 23'],
  ['* * 0 * *', 'day of month: "0" is no value from 1 to 31'],
  ['* * * foo *', 'month: "foo" is no value from 1 to 12'],
  ['5-1 * * * *', 'minute: the range "5-1" runs backwards'],
  ['* * * * fri-mon', 'day of week: the range "fri-mon" runs backwards'],
  ['* * * dec-jan *', 'month: the range "dec-jan" runs backwards'],
  ['*/0 * * * *', 'minute: "*/0" has no valid step'],
  ['CRON_TZ=UTC * * * * *', '6 fields instead of 5'],
  ['@dayly', 'unknown word "@dayly"'],
  ['@every 5', 'unknown word "@every 5"'],
])('%p is no schedule', (schedule, problem) => {
  expect(scheduleProblem(schedule)).toBe(problem);
});

test.each(['0 3 * * *', '*/15 0-6,22 1,15 jan-mar MON', ' 0  3 * * ? ', '@daily', '@every 1h30m'])(
  '%p is a schedule',
  (schedule) => {
    expect(scheduleProblem(schedule)).toBeUndefined();
  },
);
