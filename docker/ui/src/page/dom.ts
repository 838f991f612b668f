/** Small help with the document; text is only ever set as text. */

/** The element with an id, of the type that the page relies on. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return found;
}

/** A new element with text or children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  content: string | readonly Node[] = '',
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  if (typeof content === 'string') created.textContent = content;
  else created.append(...content);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  return created;
}

/** Shows a message in an element, or hides the element when there is none. */
export function tell(target: HTMLElement, message: string | undefined): void {
  target.textContent = message ?? '';
  target.hidden = message === undefined;
}

/** A share as people read it, with one digit after the point; never 100 % for what is not certain. */
export function percent(share: number): string {
  const digits = (share * 100).toFixed(1);
  return digits === '100.0' && share < 1 ? 'over 99.9 %' : `${digits} %`;
}

/** A whole number with its thousands apart. */
export function thousands(count: number): string {
  return count.toLocaleString('en').replaceAll(',', '\u202f');
}

/** A sentence made of a message: capital first, full stop last. */
export function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
