import { fetchModel, type Model, RequestError, requireReady } from './api.js';
import { byId, tell } from './dom.js';

/** Milliseconds between looks at the API while it does not answer, and while it does. */
const WHILE_AWAY = 3000;
const WHILE_READY = 20_000;

/**
 * Keeps the page's word on whether the model can answer up to date, from now on.
 *
 * @param show called with the model whenever it changed
 * @returns a function that looks again at once, for when a request just failed
 */
export function watchAvailability(show: (model: Model) => void): () => void {
  const status = byId('status', HTMLElement);
  const notice = byId('notice', HTMLElement);
  let shown = '';
  let timer = 0;

  async function look(): Promise<void> {
    clearTimeout(timer);
    let next = WHILE_READY;
    try {
      await requireReady();
      const model = await fetchModel();
      if (model.digest !== shown) show(model);
      shown = model.digest;
      status.dataset.state = 'ready';
      status.textContent = `Ready: ${model.name} ${model.version}`;
      tell(notice, undefined);
    } catch (error) {
      next = WHILE_AWAY;
      const reason = error instanceof RequestError ? error.message : 'the API gave an answer that makes no sense';
      status.dataset.state = 'away';
      status.textContent = 'Not ready';
      const message = `The model cannot answer now: ${reason}. This page asks again every few seconds; what you typed stays.`;
      // Saying the same again would make screen readers repeat it.
      if (notice.textContent !== message || notice.hidden) tell(notice, message);
    }
    timer = window.setTimeout(look, next);
  }

  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void look();
  });
  void look();
  return () => void look();
}
