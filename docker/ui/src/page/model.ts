import type { Model } from './api.js';
import { byId, element, percent, thousands } from './dom.js';

/** Fills the card about the model in service. */
export function showModel(model: Model): void {
  const { metrics, data } = model;
  byId('model-missing', HTMLElement).hidden = true;
  byId('model', HTMLElement).hidden = false;
  byId('synthetic', HTMLElement).hidden = !model.synthetic;
  fill('facts', [
    ['Name', model.name],
    ['Version', model.version],
    ['Digest', element('code', model.digest.replace('sha256:', '').slice(0, 12), { title: model.digest })],
    ['Learned from', `${thousands(data.training)} texts`],
    ['Source', data.source],
  ]);
  fill('metrics', [
    ['Texts', thousands(metrics.examples)],
    ['Accuracy', percent(metrics.accuracy)],
    ['F1', metrics.f1.toFixed(3)],
    ['ROC AUC', metrics.rocAuc.toFixed(3)],
    ['Log loss', metrics.logLoss.toFixed(3)],
    ['Calibration error', percent(metrics.calibrationError)],
  ]);
}

function fill(id: string, entries: readonly (readonly [string, string | Node])[]): void {
  const rows = entries.map(([term, value]) =>
    element('div', [element('dt', term), element('dd', typeof value === 'string' ? value : [value])]),
  );
  byId(id, HTMLElement).replaceChildren(...rows);
}
