import type { Check } from '../check';
import { imagesOf } from '../images';

/** A tag can be moved, a digest cannot. Listed and not refused: before its first push an image has no digest. */
export const imageDigest: Check = {
  id: 'image-digest',
  severity: 'warning',
  why: 'Whoever can push to the image registry can move a tag to another image; a digest names one image for ever.',
  *run(context) {
    for (const { object, field, image, digest } of imagesOf(context)) {
      if (image === undefined || digest !== undefined) continue;
      yield {
        object,
        field,
        what: 'is not pinned by digest',
        got: image,
        fix: 'run "npm run images:lock", which reads digests into the lock file',
      };
    }
  },
};
