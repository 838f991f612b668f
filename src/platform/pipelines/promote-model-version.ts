import type { Volume } from '../../argo-workflows/language';
import { Secret } from '../../constructs/secret';
import { ClusterScope } from '../../core/component';
import type { Pods } from '../../core/connections';
import { REACHES } from '../../pipelines/environment';
import { promoteModelVersion } from '../../pipelines/promote-model-version';
import { serverOf } from '../git-server';
import type { Namespaces } from '../namespaces';
import { Pipeline } from '../pipeline';
import type { Storage } from '../storage';

/** Where the inference API answers, inside the cluster. */
const INFERENCE_URL = 'http://inference.inference.svc.cluster.local';

/** Brings versions to where they are served, and commits the pin that says so. */
export class PromoteModelVersion extends Pipeline {
  /** The pods that ask which version is served. */
  readonly asking: Pods;

  constructor(scope: ClusterScope, storage: Storage, namespaces: Namespaces) {
    super(scope, storage, namespaces, { name: 'promote-model-version', contents: 'read' });
    const { platform } = scope.cluster.repositories;
    const access = this.gitAccess('platform-repository', platform, REACHES.platformRepository);
    this.asking = this.pods('reaches-inference', { [REACHES.inference]: 'true' });
    const { url } = scope.cluster.inference;
    if (url) this.reachElsewhere(url);
    this.add(
      'Template',
      promoteModelVersion({
        ...this.environment,
        platformRepository: { ...access, branch: platform.revision },
        pullRequestToken: this.pullRequestToken(),
        models: storage.claim(this, 'models'),
        inferenceUrl: url ?? INFERENCE_URL,
      }),
    );
  }

  private pullRequestToken(): Volume | undefined {
    const { cluster, connections } = ClusterScope.of(this);
    const source = cluster.pipelines.pullRequest?.token;
    if (!source) return undefined;
    const { port, addresses } = serverOf('https://api.github.com');
    const from = this.pods('reaches-github', { [REACHES.gitHub]: 'true' });
    for (const to of addresses) connections.add({ from, to, ports: [{ port }], description: 'opens pull requests' });
    const name = 'pull-request-token';
    const secret = new Secret(this, 'PullRequestToken', {
      name,
      purpose: 'lets promotions open pull requests on GitHub',
      keys: ['token'],
      source,
      command: `kubectl create secret generic ${name} --from-file=token`,
    });
    return secret.files(name);
  }

  private reachElsewhere(url: string): void {
    const { connections } = ClusterScope.of(this);
    const { port, addresses } = serverOf(url);
    for (const to of addresses) {
      connections.add({ from: this.asking, to, ports: [{ port }], description: 'waits until the version is served' });
    }
  }
}
