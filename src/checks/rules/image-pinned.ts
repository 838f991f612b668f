import type { Check } from '../check';
import { imagesOf } from '../images';

/** Tag missing, `latest`, or a digest that is none. */
export const imagePinned: Check = {
  id: 'image-pinned',
  severity: 'error',
  why: "Without a tag, or with `latest`, tomorrow's pods run another program than today's, and nothing in Git tells which.",
  *run(context) {
    for (const { object, field, image, tag, digest } of imagesOf(context)) {
      if (image === undefined) {
        yield { object, field, what: 'names no image', fix: 'name an image of the lock file' };
      } else if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
        yield {
          object,
          field,
          what: 'has a digest that is not SHA-256',
          got: image,
          fix: 'write the digest that the image registry reports, in the lock file',
        };
      } else if (digest === undefined && (tag === undefined || tag === 'latest')) {
        const what = tag ? 'has the tag of whatever was pushed last' : 'has no tag';
        yield { object, field, what, got: image, fix: 'write the tag of one version in the lock file of images' };
      }
    }
  },
};
