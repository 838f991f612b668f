import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatCsv, parseLines, parseTable } from '../src/page/csv.js';

describe('reading tables', () => {
  test('finds the column of texts by its name', () => {
    const { header, rows, textColumn } = parseTable(
      'id,Review,sentiment\r\n1,"A ""fine"", long\nfilm",positive\r\n2,Bad,\r\n',
    );
    assert.deepEqual(header, ['id', 'Review', 'sentiment']);
    assert.deepEqual(rows, [
      ['1', 'A "fine", long\nfilm', 'positive'],
      ['2', 'Bad', ''],
    ]);
    assert.equal(textColumn, 1);
  });

  test('takes the column with the longest texts when there is no header', () => {
    const { header, rows, textColumn } = parseTable('1;A long film; it was\n2;Good; yes');
    assert.deepEqual([header, rows.length, textColumn], [[], 2, 1]);
  });

  test('reads tabs, a byte order mark, a missing end and an open quote', () => {
    assert.deepEqual(parseTable('\ufefftext\tn\na, b\t1').rows, [['a, b', '1']]);
    assert.deepEqual(parseTable('text\n"never closed').rows, [['never closed']]);
    assert.deepEqual(parseTable('text,n\nlast,').rows, [['last', '']]);
    assert.deepEqual(parseTable('').rows, []);
  });

  test('takes each line that is not blank', () => {
    assert.deepEqual(parseLines('one, two\r\n\n  \nthree').rows, [['one, two'], ['three']]);
  });
});

describe('writing tables', () => {
  test('reads back as what was written, whatever is in the cells', () => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^[",;\t\r\n a]*$/));
    const row = (cells: number) => fc.tuple(fc.constant('x'), fc.array(cell, { minLength: cells, maxLength: cells }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((cells) => fc.array(row(cells), { minLength: 1, maxLength: 6 })),
        (records) => {
          // The first cell is never blank: a row of nothing is left out when it is read.
          const rows = records.map(([first, cells]) => [first, ...cells]);
          const header = ['text', ...Array.from({ length: (rows[0]?.length ?? 1) - 1 }, (_, index) => `c${index}`)];
          assert.deepEqual(parseTable(formatCsv([header, ...rows])).rows, rows);
        },
      ),
    );
  });
});
