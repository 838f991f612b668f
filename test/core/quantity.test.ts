import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatBytes, formatCores, parseQuantity, quantity } from '../../src/core/quantity';

describe('parsing', () => {
  test.each([
    ['0', 0],
    ['500m', 0.5],
    ['2', 2],
    ['+1.5', 1.5],
    ['-1', -1],
    ['.5', 0.5],
    ['5.', 5],
    ['1k', 1000],
    ['1Ki', 1024],
    ['5Gi', 5 * 2 ** 30],
    ['1E', 1e18],
    ['1Ei', 2 ** 60],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1e-3', 0.001],
    ['100n', 1e-7],
    ['100u', 1e-4],
    [3, 3],
  ])('%j is %d', (text, expected) => {
    expect(parseQuantity(text)).toBeCloseTo(expected, 12);
  });

  test.each([
    '',
    ' ',
    '1 ',
    'a',
    '1GB',
    '1gi',
    '1K',
    '1KI',
    '1e',
    '1ee3',
    '1.2.3',
    '--1',
    '0x10',
    '1_000',
    'NaN',
    'Infinity',
    '1Gi1',
    '.',
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
    expect(() => quantity(text)).toThrow(`not a quantity: ${JSON.stringify(text)}`);
  });
});

describe('formatting', () => {
  test.each([
    [5 * 2 ** 30, '5Gi'],
    [1.5 * 2 ** 30, '1536Mi'],
    [2 ** 10, '1Ki'],
    [1, '1Mi'],
    [1e9, '954Mi'],
    [0, '0Mi'],
  ])('%d bytes are %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  test.each([
    [2, '2'],
    [0.5, '500m'],
    [0.1 + 0.2, '300m'],
    [0.0001, '1m'],
    [0, '0'],
  ])('%d cores are %s', (cores, expected) => {
    expect(formatCores(cores)).toBe(expected);
  });

  test('nothing is lost: as many bytes and cores, or up to a mebibyte and a millicore more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (bytes) => {
        const more = quantity(formatBytes(bytes)) - bytes;
        expect(more).toBeGreaterThanOrEqual(0);
        expect(more).toBeLessThan(2 ** 20);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (milli) => {
        expect(Math.round(quantity(formatCores(milli / 1000)) * 1000)).toBe(milli);
      }),
    );
  });
});
