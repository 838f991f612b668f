import type { RenderedObject } from '../render/model';
import { perContext } from './per-context';
import { podTemplates } from './pods';
import { isExpression, text } from './read';

/** The image of one container. */
export interface ContainerImage {
  readonly object: RenderedObject;
  readonly field: string;
  /** Undefined when the container names none. */
  readonly image?: string;
  readonly tag?: string;
  /** What stands behind the `@`. */
  readonly digest?: string;
}

/** Images of all containers, but those that a workflow is given when it runs. */
export const imagesOf = perContext((context): readonly ContainerImage[] =>
  podTemplates(context).flatMap(({ object, containers }) =>
    containers
      .filter(({ fields }) => !isExpression(fields.image))
      .map(({ fields, path }) => ({ object, field: `${path}.image`, ...parseImage(text(fields.image)) })),
  ),
);

/** Parts of `host:port/path:tag@digest`; a colon before the last slash is that of a port. */
export function parseImage(image: string | undefined): Pick<ContainerImage, 'image' | 'tag' | 'digest'> {
  if (image === undefined) return {};
  const [name = '', digest] = image.split('@', 2);
  const colon = name.lastIndexOf(':');
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : undefined;
  return { image, ...(tag && { tag }), ...(digest !== undefined && { digest }) };
}
