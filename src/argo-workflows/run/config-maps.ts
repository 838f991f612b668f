import type { Catalogue } from '../lint/catalogue';
import { fieldsOf, scalarText } from '../lint/fields';

/** What a `valueFrom` takes from a ConfigMap, or its default. */
export function configMapValue(valueFrom: unknown, catalogue: Catalogue): string | undefined {
  const { configMapKeyRef, default: fallback } = fieldsOf(valueFrom);
  const { name, key } = fieldsOf(configMapKeyRef);
  const found = catalogue.configMaps.find((each) => each.name === name);
  return scalarText(fieldsOf(found?.document.object.data)[String(key)]) ?? scalarText(fallback);
}
