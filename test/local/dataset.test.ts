import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { chooseDataset, prepareDataset } from '../../src/local/dataset';
import { placesIn } from '../../src/local/places';
import { temporaryFolder } from '../support/temporary';

const folder = temporaryFolder();
const { signal } = new AbortController();
const training = { image: 'trainer', argv: ['python', '-m', 'trainer'] };
let places = placesIn(folder);
let checkouts = 0;

beforeEach(() => {
  places = placesIn(join(folder, `checkout-${checkouts++}`));
  mkdirSync(places.folder, { recursive: true });
});

function file(name: string, content = 'review,sentiment\n'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('reviews', () => {
  test('are made up unless some are named', () => {
    expect(chooseDataset(places, undefined)).toEqual({ file: 'reviews.jsonl' });
  });

  test('of a person are read where they are, under a name that suits', async () => {
    const source = file('IMDB Dataset.csv');
    const dataset = chooseDataset(places, source);
    expect(dataset).toEqual({ source, file: 'reviews.csv' });
    await prepareDataset(places, dataset, training, signal);
    expect(readFileSync(join(places.volume('dataset'), 'reviews.csv'), 'utf8')).toBe('review,sentiment\n');
    expect(lstatSync(join(places.volume('dataset'), 'reviews.csv')).isSymbolicLink()).toBe(true);
  });

  test('in a tree are the folder itself, and forgetting the loop leaves it alone', async () => {
    const tree = join(folder, 'aclImdb');
    mkdirSync(join(tree, 'train'), { recursive: true });
    const dataset = chooseDataset(places, tree);
    expect(dataset).toEqual({ source: tree });
    await prepareDataset(places, dataset, training, signal);
    expect(readdirSync(places.volume('dataset'))).toEqual(['train']);
    rmSync(places.folder, { recursive: true });
    expect(existsSync(join(tree, 'train'))).toBe(true);
  });

  test.each(['reviews.jsonl.gz', 'aclImdb_v1.tar.gz', 'reviews.CSV', 'a.tgz'])('in %s keep the ending', (name) => {
    expect(chooseDataset(places, file(name)).file).toBe(`reviews${name.slice(name.indexOf('.')).toLowerCase()}`);
  });

  test('that are not there, or in no known form, are refused', () => {
    expect(() => chooseDataset(places, join(folder, 'absent.csv'))).toThrow(/^--dataset: is not there \(got "/);
    expect(() => chooseDataset(places, file('reviews.txt'))).toThrow(/its name does not tell the format/);
  });

  test('stay those that the loop began with', async () => {
    const source = file('first.csv');
    await prepareDataset(places, chooseDataset(places, source), training, signal);
    expect(chooseDataset(places, undefined)).toEqual({ source, file: 'reviews.csv' });
    expect(chooseDataset(places, source)).toEqual({ source, file: 'reviews.csv' });
    expect(() => chooseDataset(places, file('second.csv'))).toThrow(/others are in use .*first\.csv.*npm run reset/);
  });

  test('of an interrupted start are prepared again', async () => {
    const dataset = chooseDataset(places, file('again.csv'));
    mkdirSync(places.volume('dataset'), { recursive: true });
    writeFileSync(join(places.volume('dataset'), 'half'), '');
    await prepareDataset(places, dataset, training, signal);
    expect(readdirSync(places.volume('dataset'))).toEqual(['reviews.csv']);
  });
});
