/** On every Namespace of the platform, by which routes and policies tell them from others. */
export const PART_OF = { 'app.kubernetes.io/part-of': 'cdk8s-mlops' } as const;
