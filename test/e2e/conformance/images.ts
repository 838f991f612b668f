/** The one image that all workflows run in, on the node of the cluster. */
export const IMAGE = 'localhost/conformance:1';

/** Images of upstream's examples that {@link IMAGE} stands in for, without tag. */
const REPLACED = ['busybox', 'alpine', 'python', 'debian', 'ubuntu', 'argoproj/argosay', 'docker/whalesay'];

/** What an image starts when a container says no command; the controller would ask its registry. */
const ENTRYPOINTS: Readonly<Record<string, readonly string[]>> = { 'argoproj/argosay': ['argosay'] };

/** What stands in for an image; undefined when nothing does. */
export function replaceImage(
  image: string,
): { readonly image: string; readonly entrypoint?: readonly string[] } | undefined {
  const name = image.replace(/:[^/]*$/, '');
  if (!REPLACED.includes(name)) return undefined;
  const entrypoint = ENTRYPOINTS[name];
  return { image: IMAGE, ...(entrypoint === undefined ? {} : { entrypoint }) };
}
