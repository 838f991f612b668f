import { objectsOf } from '../../render/model';
import type { Check } from '../check';
import { fields, scalar } from '../read';

const MEBIBYTE = 2 ** 20;
const DATA_LIMIT = MEBIBYTE;
const ANNOTATIONS_LIMIT = 256 * 1024;
/** What etcd takes in one request. */
const OBJECT_LIMIT = 1.5 * MEBIBYTE;
/** What Argo CD reads of one folder, unless its repo-server is told otherwise. */
const FOLDER_LIMIT = 10 * MEBIBYTE;

/** Objects and folders that are too big for the API server, etcd or Argo CD. */
export const size: Check = {
  id: 'size',
  severity: 'error',
  why: 'The API server refuses ConfigMaps above 1 MiB, annotations above 256 KiB and objects above 1.5 MiB; Argo CD refuses folders above 10 MiB.',
  *run({ rendered }) {
    for (const component of rendered.components) {
      let folder = 0;
      for (const object of objectsOf({ ...rendered, components: [component] })) {
        const { kind, metadata, data, binaryData } = object.manifest;
        const whole = bytes(object.manifest);
        folder += whole;
        // Nothing within an object is bigger than the whole of it.
        if (whole <= ANNOTATIONS_LIMIT) continue;
        const annotations = textBytes(metadata.annotations);
        const held = textBytes(data) + textBytes(binaryData);
        if (annotations > ANNOTATIONS_LIMIT) {
          yield {
            object,
            field: 'metadata.annotations',
            what: 'holds more than 256 KiB',
            got: kibibytes(annotations),
            fix: 'move the text into a ConfigMap',
          };
        }
        if ((kind === 'ConfigMap' || kind === 'Secret') && held > DATA_LIMIT) {
          yield {
            object,
            field: 'data',
            what: 'holds more than 1 MiB',
            got: kibibytes(held),
            fix: 'split it, or put the file into an image or a volume',
          };
        } else if (whole > OBJECT_LIMIT) {
          yield { object, what: 'is more than 1.5 MiB', got: kibibytes(whole), fix: 'split it into several objects' };
        }
      }
      const [first] = component.objects;
      if (folder > FOLDER_LIMIT && first) {
        yield {
          object: first,
          what: `component ${component.name} holds more than 10 MiB`,
          got: kibibytes(folder),
          fix: 'split the component in two',
        };
      }
    }
  },
};

/** About what it takes as YAML. */
function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

function textBytes(value: unknown): number {
  return Object.entries(fields(value)).reduce(
    (sum, [key, held]) => sum + Buffer.byteLength(key) + Buffer.byteLength(scalar(held)),
    0,
  );
}

function kibibytes(count: number): string {
  return `${Math.ceil(count / 1024)} KiB`;
}
