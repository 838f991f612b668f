/** A label of RFC 1123: what most Kubernetes names must be. */
export const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** Labels joined by dots: names of ConfigMaps, Secrets, PersistentVolumes and hosts. */
export const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** A label's value; may be empty. */
export const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

export const DNS_LABEL_LENGTH = 63;
export const DNS_SUBDOMAIN_LENGTH = 253;

/**
 * Why `name` cannot be a DNS label, or undefined when it can.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export function dnsLabelProblem(name: string): string | undefined {
  if (name.length > DNS_LABEL_LENGTH)
    return `is ${name.length} characters long, at most ${DNS_LABEL_LENGTH} are allowed`;
  return DNS_LABEL.test(name)
    ? undefined
    : 'must be lower-case letters, digits and "-", beginning and ending with a letter or digit';
}

/**
 * Why `name` cannot be a DNS subdomain, or undefined when it can.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function dnsSubdomainProblem(name: string): string | undefined {
  if (name.length > DNS_SUBDOMAIN_LENGTH) {
    return `is ${name.length} characters long, at most ${DNS_SUBDOMAIN_LENGTH} are allowed`;
  }
  return DNS_SUBDOMAIN.test(name) ? undefined : 'must be DNS labels (lower-case letters, digits, "-") joined by dots';
}
