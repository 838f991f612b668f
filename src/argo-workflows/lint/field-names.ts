/**
 * The fields of Argo's own types, as in the API of Argo Workflows 4.1; those of Kubernetes are left open, but for the
 * container. `name` is a scalar, `name:list`, `name:map` and `name:any` are not looked into, `name:Type`,
 * `name:Type[]` and `name:{Type}` (a map with names for keys) are.
 *
 * @see https://argo-workflows.readthedocs.io/en/latest/fields/
 */
export const FIELD_NAMES: Readonly<Record<string, string>> = {
  WorkflowSpec: `
    activeDeadlineSeconds affinity:any archiveLogs arguments:Arguments artifactGC:WorkflowLevelArtifactGC
    artifactRepositoryRef:ArtifactRepositoryRef automountServiceAccountToken dnsConfig:any dnsPolicy:any
    entrypoint executor:ExecutorConfig executorPlugins:ExecutorPlugin[] hooks:{LifecycleHook} hostAliases:list
    hostNetwork imagePullSecrets:list metrics:Metrics nodeSelector:map onExit parallelism
    podDisruptionBudget:any podGC:PodGC podMetadata:Metadata podPriorityClassName podResources:any podSpecPatch
    priority resourceClaims:list retryStrategy:RetryStrategy schedulerName securityContext:any
    serviceAccountName shutdown suspend synchronization:Synchronization templateDefaults:Template
    templates:Template[] tolerations:list ttlStrategy:TTLStrategy volumeClaimGC:VolumeClaimGC
    volumeClaimTemplates:list volumes:list workflowMetadata:WorkflowMetadata
    workflowTemplateRef:WorkflowTemplateRef
  `,
  Template: `
    activeDeadlineSeconds affinity:any annotations:map archiveLocation:ArtifactLocation
    automountServiceAccountToken container:Container containerSet:ContainerSetTemplate daemon dag:DAGTemplate
    data:Data executor:ExecutorConfig failFast hostAliases:list http:HTTP initContainers:UserContainer[]
    inputs:Inputs memoize:Memoize metadata:Metadata metrics:Metrics name nodeSelector:map outputs:Outputs
    parallelism pendingTimeout plugin:any podResources:any podSpecPatch priorityClassName
    resource:ResourceTemplate resourceClaims:list retryStrategy:RetryStrategy schedulerName
    script:ScriptTemplate securityContext:any serviceAccountName sidecars:UserContainer[] steps:WorkflowStep[][]
    suspend:SuspendTemplate synchronization:Synchronization timeout tolerations:list volumes:list
  `,
  Inputs: 'artifacts:Artifact[] parameters:Parameter[]',
  Parameter: 'default description enum:list globalName name value valueFrom:ValueFrom',
  ValueFrom: 'configMapKeyRef:any default event expression jqFilter jsonPath parameter path supplied:any',
  Artifact: `
    archive:ArchiveStrategy archiveLogs artifactGC:ArtifactGC artifactory:ArtifactoryArtifact
    azure:AzureArtifact deleted from fromExpression gcs:GCSArtifact git:GitArtifact globalName hdfs:HDFSArtifact
    http:HTTPArtifact mode name optional oss:OSSArtifact path plugin:PluginArtifact raw:RawArtifact recurseMode
    s3:S3Artifact subPath
  `,
  ArtifactLocation: `
    archiveLogs artifactory:ArtifactoryArtifact azure:AzureArtifact gcs:GCSArtifact git:GitArtifact
    hdfs:HDFSArtifact http:HTTPArtifact oss:OSSArtifact plugin:PluginArtifact raw:RawArtifact s3:S3Artifact
  `,
  S3Artifact: `
    accessKeySecret:any addressingStyle bucket caSecret:any createBucketIfNotPresent:CreateS3BucketOptions
    encryptionOptions:S3EncryptionOptions endpoint insecure key region roleARN secretKeySecret:any
    sessionTokenSecret:any useSDKCreds
  `,
  CreateS3BucketOptions: 'objectLocking',
  S3EncryptionOptions: 'enableEncryption kmsEncryptionContext kmsKeyId serverSideCustomerKeySecret:any',
  GitArtifact: `
    branch depth disableSubmodules fetch:list insecureIgnoreHostKey insecureSkipTLS passwordSecret:any repo
    revision singleBranch sshPrivateKeySecret:any usernameSecret:any
  `,
  HTTPArtifact: 'auth:HTTPAuth headers:Header[] saveStreamViaFile url',
  Header: 'name value',
  HTTPAuth: 'basicAuth:BasicAuth clientCert:ClientCertAuth oauth2:OAuth2Auth',
  ClientCertAuth: 'clientCertSecret:any clientKeySecret:any',
  OAuth2Auth: `
    clientIDSecret:any clientSecretSecret:any endpointParams:OAuth2EndpointParam[] scopes:list
    tokenURLSecret:any
  `,
  OAuth2EndpointParam: 'key value',
  BasicAuth: 'passwordSecret:any usernameSecret:any',
  ArtifactoryArtifact: 'passwordSecret:any url usernameSecret:any',
  HDFSArtifact: `
    addresses:list dataTransferProtection force hdfsUser krbCCacheSecret:any krbConfigConfigMap:any
    krbKeytabSecret:any krbRealm krbServicePrincipalName krbUsername path
  `,
  RawArtifact: 'data',
  OSSArtifact: `
    accessKeySecret:any bucket createBucketIfNotPresent endpoint key lifecycleRule:OSSLifecycleRule
    secretKeySecret:any securityToken useSDKCreds
  `,
  OSSLifecycleRule: 'markDeletionAfterDays markInfrequentAccessAfterDays',
  GCSArtifact: 'bucket key serviceAccountKeySecret:any',
  AzureArtifact: 'accountKeySecret:any blob container endpoint useSDKCreds',
  PluginArtifact: 'configuration connectionTimeoutSeconds key name',
  ArchiveStrategy: 'none:any tar:TarStrategy zip:any',
  TarStrategy: 'compressionLevel',
  ArtifactGC: 'podMetadata:Metadata serviceAccountName strategy',
  Metadata: 'annotations:map labels:map',
  Outputs: 'artifacts:Artifact[] exitCode parameters:Parameter[] result',
  Container: `
    args:list command:list env:list envFrom:list image imagePullPolicy lifecycle:map livenessProbe:map name
    ports:list readinessProbe:map resizePolicy:list resources:map restartPolicy restartPolicyRules:list
    securityContext:map startupProbe:map stdin stdinOnce terminationMessagePath terminationMessagePolicy tty
    volumeDevices:list volumeMounts:list workingDir
  `,
  ContainerSetTemplate: 'containers:ContainerNode[] retryStrategy:ContainerSetRetryStrategy volumeMounts:list',
  ContainerNode: `
    args:list command:list dependencies:list env:list envFrom:list image imagePullPolicy lifecycle:map
    livenessProbe:map name ports:list readinessProbe:map resizePolicy:list resources:map restartPolicy
    restartPolicyRules:list securityContext:map startupProbe:map stdin stdinOnce terminationMessagePath
    terminationMessagePolicy tty volumeDevices:list volumeMounts:list workingDir
  `,
  ContainerSetRetryStrategy: 'duration retries',
  ScriptTemplate: `
    args:list command:list env:list envFrom:list image imagePullPolicy lifecycle:map livenessProbe:map name
    ports:list readinessProbe:map resizePolicy:list resources:map restartPolicy restartPolicyRules:list
    securityContext:map source startupProbe:map stdin stdinOnce terminationMessagePath terminationMessagePolicy
    tty volumeDevices:list volumeMounts:list workingDir
  `,
  ResourceTemplate: `
    action failureCondition flags:list manifest manifestFrom:ManifestFrom mergeStrategy setOwnerReference
    successCondition
  `,
  ManifestFrom: 'artifact:Artifact',
  DAGTemplate: 'failFast target tasks:DAGTask[]',
  DAGTask: `
    arguments:Arguments continueOn:ContinueOn dependencies:list depends hooks:{LifecycleHook} inline:Template
    name onExit template templateRef:TemplateRef when withItems:list withParam withSequence:Sequence
  `,
  Arguments: 'artifacts:Artifact[] parameters:Parameter[]',
  TemplateRef: 'clusterScope name template',
  Sequence: 'count end format start',
  ContinueOn: 'error failed',
  LifecycleHook: 'arguments:Arguments expression template templateRef:TemplateRef',
  SuspendTemplate: 'duration',
  Data: 'source:DataSource transformation:TransformationStep[]',
  DataSource: 'artifactPaths:ArtifactPaths',
  ArtifactPaths: `
    archive:ArchiveStrategy archiveLogs artifactGC:ArtifactGC artifactory:ArtifactoryArtifact
    azure:AzureArtifact deleted from fromExpression gcs:GCSArtifact git:GitArtifact globalName hdfs:HDFSArtifact
    http:HTTPArtifact mode name optional oss:OSSArtifact path plugin:PluginArtifact raw:RawArtifact recurseMode
    s3:S3Artifact subPath
  `,
  TransformationStep: 'expression',
  HTTP: `
    body bodyFrom:HTTPBodySource headers:HTTPHeader[] insecureSkipVerify method successCondition timeoutSeconds
    url
  `,
  HTTPHeader: 'name value valueFrom:HTTPHeaderSource',
  HTTPHeaderSource: 'secretKeyRef:any',
  HTTPBodySource: 'bytes:list',
  UserContainer: `
    args:list command:list env:list envFrom:list image imagePullPolicy lifecycle:map livenessProbe:map
    mirrorVolumeMounts name ports:list readinessProbe:map resizePolicy:list resources:map restartPolicy
    restartPolicyRules:list securityContext:map startupProbe:map stdin stdinOnce terminationMessagePath
    terminationMessagePolicy tty volumeDevices:list volumeMounts:list workingDir
  `,
  RetryStrategy: 'affinity:RetryAffinity backoff:Backoff expression limit retryPolicy',
  Backoff: 'cap duration factor maxDuration',
  RetryAffinity: 'nodeAntiAffinity:any',
  ExecutorConfig: 'serviceAccountName',
  Metrics: 'prometheus:Prometheus[]',
  Prometheus: 'counter:Counter gauge:Gauge help histogram:Histogram labels:MetricLabel[] name when',
  MetricLabel: 'key value',
  Gauge: 'operation realtime value',
  Histogram: 'buckets:list value',
  Counter: 'value',
  Synchronization: 'mutexes:Mutex[] semaphores:SemaphoreRef[]',
  SemaphoreRef: 'configMapKeyRef:any database:SyncDatabaseRef namespace',
  SyncDatabaseRef: 'key',
  Mutex: 'database name namespace',
  Memoize: 'cache:Cache key maxAge',
  Cache: 'configMap:any',
  ArtifactRepositoryRef: 'configMap key',
  TTLStrategy: 'secondsAfterCompletion secondsAfterFailure secondsAfterSuccess',
  PodGC: 'deleteDelayDuration labelSelector:any strategy',
  WorkflowTemplateRef: 'clusterScope name',
  VolumeClaimGC: 'strategy',
  WorkflowMetadata: 'annotations:map labels:map labelsFrom:{LabelValueFrom}',
  LabelValueFrom: 'expression',
  WorkflowLevelArtifactGC: 'forceFinalizerRemoval podMetadata:Metadata podSpecPatch serviceAccountName strategy',
  ExecutorPlugin: 'metadata:any spec:ExecutorPluginSpec',
  ExecutorPluginSpec: 'sidecar:ExecutorPluginSidecar',
  ExecutorPluginSidecar: 'automountServiceAccountToken container:Container',
  CronWorkflowSpec: `
    concurrencyPolicy failedJobsHistoryLimit schedules:list startingDeadlineSeconds stopStrategy:StopStrategy
    successfulJobsHistoryLimit suspend timezone when workflowMetadata:any workflowSpec:WorkflowSpec
  `,
  StopStrategy: 'expression',
  WorkflowEventBindingSpec: 'event:Event submit:Submit',
  Event: 'selector',
  Submit: 'arguments:Arguments metadata:any workflowTemplateRef:WorkflowTemplateRef',
  WorkflowStep: `
    arguments:Arguments continueOn:ContinueOn hooks:{LifecycleHook} inline:Template name onExit template
    templateRef:TemplateRef when withItems:list withParam withSequence:Sequence
  `,
};
