import { type Contribution, type Prediction, predict, RequestError } from './api.js';
import { byId, element, percent, sentence, tell } from './dom.js';
import { weighWords } from './words.js';

const EXAMPLES = [
  'A wonderful cast and a brilliant score. I was not bored for a single minute, and I would watch it again tomorrow.',
  'Not good. The dialogue is awful, the ending makes no sense, and the jokes are a waste of time.',
  'The first half is dull and far too long, but the last twenty minutes are moving and beautifully filmed.',
];

/** Contributions in the table; the text shows them all. */
const SHOWN_WORDS = 8;

/** Makes the form for one review work. @param failed called when the API does not answer */
export function singleReview(failed: () => void): void {
  const form = byId('single', HTMLFormElement);
  const review = byId('review', HTMLTextAreaElement);
  const problem = byId('single-problem', HTMLElement);
  const result = byId('single-result', HTMLElement);
  let latest = 0;
  let example = 0;

  async function judge(): Promise<void> {
    latest += 1;
    const request = latest;
    tell(problem, undefined);
    result.setAttribute('aria-busy', 'true');
    try {
      const prediction = await predict(review.value);
      if (request === latest) show(prediction);
    } catch (error) {
      if (request !== latest) return;
      result.hidden = true;
      const known = error instanceof RequestError;
      tell(problem, known ? sentence(error.message.replace(/^text /, 'the review ')) : 'The page made a mistake.');
      if (!known) throw error;
      if (error.isTemporary) failed();
    } finally {
      result.removeAttribute('aria-busy');
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void judge();
  });
  review.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  byId('example', HTMLButtonElement).addEventListener('click', () => {
    review.value = EXAMPLES[example % EXAMPLES.length] ?? '';
    example += 1;
    form.requestSubmit();
  });
}

function show(prediction: Prediction): void {
  const contributions = prediction.contributions ?? [];
  const result = byId('single-result', HTMLElement);
  result.hidden = false;
  result.dataset.sentiment = prediction.sentiment;
  byId('verdict', HTMLElement).textContent = sentence(prediction.sentiment).slice(0, -1);
  byId('sureness', HTMLElement).textContent = `${percent(prediction.confidence)} confident`;
  byId('needle', HTMLElement).style.setProperty('--position', String(position(prediction, contributions)));
  byId('marked', HTMLElement).replaceChildren(...markedText(prediction.text, contributions));
  const strongest = Math.max(...contributions.map(({ weight }) => Math.abs(weight)), Number.EPSILON);
  const rows = contributions.slice(0, SHOWN_WORDS).map((contribution) => wordRow(contribution, strongest));
  byId('words', HTMLElement).replaceChildren(...rows);
  byId('no-words', HTMLElement).hidden = contributions.length > 0;
  const time = `${prediction.processing_time_ms.toFixed(2)} ms`;
  byId('fine-print', HTMLElement).textContent = `Judged by version ${prediction.model_version} in ${time}.`;
}

/** Where the needle stands: 0 negative, 1 positive. A neutral reply does not say which side is likelier: the words do. */
function position({ sentiment, confidence }: Prediction, contributions: readonly Contribution[]): number {
  const sum = contributions.reduce((total, { weight }) => total + weight, 0);
  const isPositive = sentiment === 'positive' || (sentiment === 'neutral' && sum >= 0);
  return isPositive ? confidence : 1 - confidence;
}

function markedText(text: string, contributions: readonly Contribution[]): readonly Node[] {
  const pieces = weighWords(text, contributions);
  const strongest = Math.max(...pieces.map(({ weight }) => Math.abs(weight)), Number.EPSILON);
  return pieces.map(({ text: piece, weight }) => {
    if (weight === 0) return document.createTextNode(piece);
    const direction = weight > 0 ? 'positive' : 'negative';
    const mark = element('mark', piece, { class: direction, title: `${signed(weight)}, towards ${direction}` });
    mark.style.setProperty('--strength', (Math.abs(weight) / strongest).toFixed(2));
    return mark;
  });
}

function wordRow({ text, weight }: Contribution, strongest: number): HTMLElement {
  const bar = element('div', '', { class: weight > 0 ? 'push positive' : 'push negative' });
  bar.style.setProperty('--strength', (Math.abs(weight) / strongest).toFixed(2));
  const direction = element('span', ` towards ${weight > 0 ? 'positive' : 'negative'}`, { class: 'unseen' });
  const push = element('td', [document.createTextNode(signed(weight)), direction], { class: 'number' });
  const picture = element('td', [bar], { 'aria-hidden': 'true', class: 'picture' });
  return element('tr', [element('th', text, { scope: 'row' }), push, picture]);
}

function signed(weight: number): string {
  return `${weight > 0 ? '+' : '−'}${Math.abs(weight).toFixed(2)}`;
}
