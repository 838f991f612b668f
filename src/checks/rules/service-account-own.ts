import { boundAccounts } from '../accounts';
import type { Check } from '../check';
import { podTemplates } from '../pods';
import { isExpression, text } from '../read';

/** One identity for each workload, with a token only where it is used. */
export const serviceAccountOwn: Check = {
  id: 'service-account-own',
  severity: 'error',
  why: 'A permission given to a shared account is given to all its pods, and a token that nobody needs is one to steal.',
  *run(context) {
    const owners = new Map<string, string>();
    for (const { object, path, spec, namespace, lifetime } of podTemplates(context)) {
      const field = `${path}.serviceAccountName`;
      const account = text(spec.serviceAccountName) ?? 'default';
      if (isExpression(account)) continue;
      if (account === 'default') {
        yield {
          object,
          field,
          what: 'runs as the account of everybody',
          got: account,
          fix: 'give the workload a ServiceAccount of its own',
        };
        continue;
      }
      const key = `${namespace}/${account}`;
      // Templates of one pipeline share the account of its runs.
      if (lifetime !== 'workflow') {
        const self = `${object.manifest.kind} ${object.manifest.metadata.name}`;
        const owner = owners.get(key) ?? self;
        owners.set(key, owner);
        if (owner !== self)
          yield {
            object,
            field,
            what: `is the account of ${owner} too`,
            got: account,
            fix: 'give each workload a ServiceAccount of its own',
          };
      }
      const rendered = context.find('ServiceAccount', account, namespace);
      const mounted = spec.automountServiceAccountToken ?? rendered?.manifest.automountServiceAccountToken;
      if (mounted !== false && lifetime !== 'workflow' && !boundAccounts(context).has(key)) {
        yield {
          object,
          field: `${path}.automountServiceAccountToken`,
          what: 'mounts a token of an account that may do nothing',
          got: mounted ?? 'nothing, which means true',
          fix: 'set it to false, or bind the account to the Role that it needs',
        };
      }
    }
    for (const object of context.ofKind('ServiceAccount')) {
      if (object.manifest.automountServiceAccountToken === false) continue;
      yield {
        object,
        field: 'automountServiceAccountToken',
        what: 'gives a token to every pod of the account',
        got: object.manifest.automountServiceAccountToken ?? 'nothing, which means true',
        fix: 'set it to false here, and to true in the pods that speak to the API server',
      };
    }
  },
};
