export type { Arguments } from './arguments';
export { type Artifact, type ArtifactLocation, location } from './artifact';
export { type CronWorkflow, type CronWorkflowProps, cronWorkflow } from './cron-workflow';
export { type Dag, type DagProps, dag } from './dag';
export type { Dependency } from './depends';
export { type EventBinding, type EventBindingProps, eventBinding, eventValue } from './event-binding';
export type { ExitContext } from './exit-handler';
export { allOf, anyOf, type Expr, not, type Presence, text, workflow } from './expr';
export { type ArtifactInput, type Inputs, input, type ParameterInput, type Schema } from './inputs';
export type { Manifest } from './manifest';
export { CACHE_LABEL, type Memoize } from './memoize';
export type { Metric } from './metrics';
export { type ArtifactOutput, type Outputs, output, type ParameterOutput } from './outputs';
export type { Placement } from './placement';
export { CONTAINER_SECURITY, POD_SECURITY } from './pod';
export { type Problem, WorkflowError } from './problem';
export { type Bytes, bytes, type Cpu, cpu, type Duration, duration, type Resources } from './quantities';
export type { Backoff, Retry } from './retry';
export { type Steps, type StepsProps, steps } from './steps';
export type { Mutex, Semaphore, Synchronization } from './synchronization';
export type { TaskOptions } from './task-builder';
export type { AnyTemplate, Template } from './template';
export { type ContainerTemplateProps, container, type DaemonProps, daemon } from './templates/container';
export { type ContainerSetProps, containerSet } from './templates/container-set';
export { type HttpProps, http } from './templates/http';
export { type ResourceProps, resource } from './templates/resource';
export { type ScriptProps, script } from './templates/script';
export { type SuspendProps, suspend } from './templates/suspend';
export { type Mount, type Volume, volume } from './volumes';
export {
  EXECUTOR_RULES,
  type WorkflowTemplate,
  type WorkflowTemplateProps,
  workflowTemplate,
} from './workflow-template';
