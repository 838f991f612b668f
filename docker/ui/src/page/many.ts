import { predictBatch, RequestError } from './api.js';
import { type Outcome, predictAll } from './batches.js';
import { formatCsv, parseLines, parseTable, type Table } from './csv.js';
import { byId, element, percent, tell, thousands } from './dom.js';

/** Rows in the table on the page; the download holds all. */
const SHOWN_ROWS = 50;

/** What became of the texts so far; grows while they are judged. */
interface Tally {
  readonly outcomes: (Outcome | undefined)[];
  readonly counts: Record<'positive' | 'negative' | 'neutral' | 'failed', number>;
}

/** Makes the form for many reviews work. @param failed called when the API does not answer */
export function manyReviews(failed: () => void): void {
  const form = byId('batch', HTMLFormElement);
  const card = form.parentElement ?? form;
  const lines = byId('lines', HTMLTextAreaElement);
  const file = byId('file', HTMLInputElement);
  const problem = byId('batch-problem', HTMLElement);
  const start = byId('start', HTMLButtonElement);
  const cancel = byId('cancel', HTMLButtonElement);
  const download = byId('download', HTMLButtonElement);
  let table: Table = parseLines('');
  let tally: Tally = emptyTally(0);
  let running: AbortController | undefined;

  async function judgeAll(next: Table): Promise<void> {
    running?.abort();
    const run = new AbortController();
    running = run;
    table = next;
    const texts = table.rows.map((row) => row[table.textColumn] ?? '');
    tally = emptyTally(texts.length);
    tell(problem, undefined);
    beginResults(texts.length);
    start.disabled = true;
    cancel.hidden = false;
    download.disabled = true;
    let isDrawn = true;
    const draw = () => {
      isDrawn = true;
      if (running === run) showProgress(tally);
    };
    try {
      await predictAll(texts, {
        send: (some) => predictBatch(some, run.signal),
        pause: (milliseconds) => pause(milliseconds, run.signal),
        waiting: (reason) => {
          tell(problem, `Waiting: ${reason}. It will be asked again.`);
          failed();
        },
        finished: (index, outcome) => {
          count(tally, index, outcome);
          tell(problem, undefined);
          if (index < SHOWN_ROWS) showRow(index, texts[index] ?? '', outcome);
          if (isDrawn) requestAnimationFrame(draw);
          isDrawn = false;
        },
      });
    } catch (error) {
      if (!run.signal.aborted) {
        const reason = error instanceof RequestError ? error.message : 'the page made a mistake';
        tell(problem, `Stopped: ${reason}. What was judged can be downloaded.`);
        if (!(error instanceof RequestError)) throw error;
        failed();
      }
    } finally {
      if (running === run) {
        running = undefined;
        start.disabled = false;
        cancel.hidden = true;
        download.disabled = tally.outcomes.length === 0;
        showProgress(tally, true);
      }
    }
  }

  async function judgeFile(chosen: File): Promise<void> {
    const next = parseTable(await chosen.text());
    file.value = '';
    if (next.rows.length === 0) tell(problem, `${chosen.name} holds no texts.`);
    else await judgeAll(next);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const next = parseLines(lines.value);
    if (next.rows.length === 0) tell(problem, 'Paste at least one line, or choose a file.');
    else void judgeAll(next);
  });
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    if (chosen) void judgeFile(chosen);
  });
  cancel.addEventListener('click', () => running?.abort());
  download.addEventListener('click', () => save(resultCsv(table, tally)));
  acceptDrops(card, (dropped) => void judgeFile(dropped));
}

function emptyTally(length: number): Tally {
  return { outcomes: Array.from({ length }), counts: { positive: 0, negative: 0, neutral: 0, failed: 0 } };
}

function count({ outcomes, counts }: Tally, index: number, outcome: Outcome): void {
  outcomes[index] = outcome;
  counts['prediction' in outcome ? outcome.prediction.sentiment : 'failed'] += 1;
}

function beginResults(total: number): void {
  byId('batch-result', HTMLElement).hidden = false;
  byId('rows', HTMLElement).replaceChildren();
  const more = `The first ${SHOWN_ROWS} of ${thousands(total)} rows; the download holds all.`;
  byId('rows-hint', HTMLElement).textContent = total > SHOWN_ROWS ? more : '';
  const progress = byId('progress', HTMLProgressElement);
  progress.max = total;
  progress.scrollIntoView({ block: 'nearest' });
  showProgress(emptyTally(total));
}

function showProgress({ outcomes, counts }: Tally, isOver = false): void {
  const done = counts.positive + counts.negative + counts.neutral + counts.failed;
  const progress = byId('progress', HTMLProgressElement);
  progress.value = done;
  byId('progress-label', HTMLElement).textContent = `${thousands(done)} of ${thousands(outcomes.length)}`;
  const judged = done - counts.failed;
  const parts = (['positive', 'negative', 'neutral'] as const)
    .filter((sentiment) => sentiment !== 'neutral' || counts.neutral > 0)
    .map(
      (sentiment) =>
        `${thousands(counts[sentiment])} ${sentiment} (${Math.round((100 * counts[sentiment]) / Math.max(1, judged))} %)`,
    );
  if (counts.failed > 0) parts.push(`${thousands(counts.failed)} not judged`);
  // Only the end is announced: a number that changes all the time cannot be listened to.
  byId('summary', HTMLElement).setAttribute('aria-live', isOver ? 'polite' : 'off');
  byId('summary', HTMLElement).textContent = `${isOver ? 'Done: ' : ''}${parts.join(', ')}.`;
  const mix = (['positive', 'neutral', 'negative'] as const).map((sentiment) => {
    const part = element('div', '', { class: sentiment });
    part.style.setProperty('flex-grow', String(counts[sentiment]));
    return part;
  });
  byId('mix', HTMLElement).replaceChildren(...mix);
}

function showRow(index: number, text: string, outcome: Outcome): void {
  const number = element('td', String(index + 1), { class: 'number' });
  const shortened = element('td', text.length > 300 ? `${text.slice(0, 300)}…` : text, { class: 'text' });
  const row = element('tr', [number, ...outcomeCells(outcome), shortened], { 'data-row': String(index) });
  const rows = byId('rows', HTMLElement);
  // Refused texts are known before the others of their batch: rows do not come in order.
  const next = [...rows.children].find((other) => Number(other.getAttribute('data-row')) > index);
  rows.insertBefore(row, next ?? null);
}

function outcomeCells(outcome: Outcome): readonly Node[] {
  if ('error' in outcome) return [element('td', `Not judged: ${outcome.error}`, { class: 'failed', colspan: '2' })];
  const { sentiment, confidence } = outcome.prediction;
  const verdict = element('td', [element('span', sentiment, { class: `tag ${sentiment}` })]);
  return [verdict, element('td', percent(confidence), { class: 'number' })];
}

/** The table as it came, with what the model said in columns of their own. */
function resultCsv({ header, rows, textColumn }: Table, { outcomes }: Tally): string {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), header.length);
  const columns = Array.from({ length: width }, (_, index) => index);
  const names = columns.map((index) => header[index] ?? (index === textColumn ? 'text' : `column_${index + 1}`));
  const lines = rows.map((row, index) => {
    const outcome = outcomes[index];
    const cells = columns.map((column) => row[column] ?? '');
    if (outcome === undefined) return [...cells, '', '', '', 'not sent'];
    if ('error' in outcome) return [...cells, '', '', '', outcome.error];
    const { sentiment, confidence, model_version: version } = outcome.prediction;
    return [...cells, sentiment, confidence.toFixed(6), version, ''];
  });
  return formatCsv([[...names, 'predicted_sentiment', 'confidence', 'model_version', 'problem'], ...lines]);
}

function save(csv: string): void {
  // The byte order mark tells spreadsheets that this is UTF-8.
  const url = URL.createObjectURL(new Blob(['\ufeff', csv], { type: 'text/csv;charset=utf-8' }));
  element('a', '', { href: url, download: 'sentiment.csv' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function acceptDrops(card: HTMLElement, dropped: (file: File) => void): void {
  card.addEventListener('dragover', (event) => {
    event.preventDefault();
    card.classList.add('over');
  });
  for (const over of ['dragleave', 'drop'] as const) card.addEventListener(over, () => card.classList.remove('over'));
  card.addEventListener('drop', (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) dropped(file);
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
