import type { Problem } from '../problem';
import type { At } from './rules';
import type { Cluster } from './schema';
import { platformImages } from './workloads';

/** What the programs of a cluster's own, and those of its model, must fit. */
export function modelProgramRules(cluster: Cluster, at: At): Problem[] {
  return [...imageRules(cluster, at), ...variantRules(cluster, at)];
}

/** Programs of the cluster's own name images of the lock file, and what it has besides is theirs. */
function imageRules({ images, pipelines, inference }: Cluster, at: At): Problem[] {
  const steps = [
    ...Object.entries(pipelines.steps).flatMap(([name, step]) =>
      step ? [[`pipelines.steps.${name}`, step.image] as const] : [],
    ),
    ['pipelines.training', pipelines.training.image] as const,
    ['inference.program', inference.program.image] as const,
  ];
  const named = new Set(steps.map(([, image]) => image));
  return [
    ...steps
      .filter(([, image]) => !Object.hasOwn(images, image))
      .map(([name, image]) =>
        at(
          `${name}.image`,
          'is not in the lock file of images',
          image,
          `add it there, or name one of ${Object.keys(images).join(', ')}`,
        ),
      ),
    ...Object.keys(images)
      .filter((name) => !Object.hasOwn(platformImages, name) && !named.has(name))
      .map((name) =>
        at(
          `images.${name}`,
          'nothing runs this image',
          name,
          'remove it, or name it in pipelines or inference.program',
        ),
      ),
  ];
}

/** A step of the pipeline takes the same settings, whichever variant it trains. */
function variantRules({ pipelines }: Cluster, at: At): Problem[] {
  const [first, ...others] = Object.entries(pipelines.training.variants).map(([name, settings]) => ({
    name,
    names: Object.keys(settings).join(', '),
  }));
  return others
    .filter(({ names }) => names !== first?.names)
    .map(({ name, names }) =>
      at(
        `pipelines.training.variants.${name}`,
        `has other settings than ${first?.name}`,
        names,
        `write ${first?.names}, in this order`,
      ),
    );
}
