import { describe, expect, test } from '@jest/globals';
import { createProgress } from '../../src/local/progress';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) };
}

describe('progress', () => {
  test('is a line for each beginning, note and end where no terminal is', async () => {
    const plain = screen(false);
    const { step } = createProgress(plain);
    const result = await step('reviews', async (note) => {
      note('half');
      return 7;
    });
    expect(result).toBe(7);
    expect(plain.written.join('').replace(/\d+\.\d/, 'N')).toBe(
      'reviews ...\n  reviews: half\nreviews: done after N s\n',
    );
  });

  test('shows steps side by side on a terminal, and leaves those that are done', async () => {
    const live = screen(true);
    const { step } = createProgress(live);
    let finish: () => void = () => undefined;
    const first = step('first', () => new Promise<void>((resolve) => (finish = resolve)));
    await step('second', async () => undefined);
    expect(live.written.at(-1)).toMatch(/second.*\n.*first/);
    finish();
    await first;
    expect(live.written.at(-1)).toMatch(/\[1A.*first.*\n$/);
    expect(live.written.every((text) => text.split('\n').every((line) => line.length <= 60 + 20))).toBe(true);
  });

  test('passes on what failed, without calling it done', async () => {
    const plain = screen(false);
    await expect(createProgress(plain).step('build', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(plain.written.join('')).not.toMatch(/done/);
  });
});
