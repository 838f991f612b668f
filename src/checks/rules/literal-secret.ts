import type { RenderedObject } from '../../render/model';
import { workflowSpec } from '../argo-pods';
import type { Check, Finding } from '../check';
import { podTemplates } from '../pods';
import { at, fields, items, list, text } from '../read';

/** Values that are credentials whatever they are called. */
const CREDENTIAL = new RegExp(
  [
    '-----BEGIN [A-Z ]*PRIVATE KEY-----',
    '\\bAKIA[0-9A-Z]{16}\\b',
    '\\bgh[pousr]_[A-Za-z0-9]{36}',
    '\\bgithub_pat_[A-Za-z0-9_]{22}',
    '\\bglpat-[A-Za-z0-9_-]{20}',
    '\\bxox[abprs]-[A-Za-z0-9-]{10}',
    '\\bhf_[A-Za-z0-9]{30}',
    '\\bsk-[A-Za-z0-9_-]{32}',
    '\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.',
    '\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{53}',
    '://[^/\\s:@{}$]+:[^/\\s:@{}$]+@',
  ].join('|'),
);

const SECRET_NAME =
  /(^|[_.-])(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|HTPASSWD)$/i;
const SECRET_OPTION =
  /^--?[\w-]*(password|passwd|passphrase|secret|token|api-?key|private-?key|access-?key|secret-?key)=(.+)$/i;
/** A switch, a path or a placeholder that the shell or the workflow fills in. */
const HARMLESS = /^(\/\S*|true|false|yes|no|\d+|.*(\{\{|\$\(|\$\{?[A-Za-z_]).*)$/is;

/** Secrets come from a SecretSource; what is in Git is known to everybody who ever cloned it. */
export const literalSecret: Check = {
  id: 'literal-secret',
  severity: 'error',
  why: 'A secret in Git is known to everybody who ever cloned the repository, and stays in its history.',
  *run(context) {
    for (const object of context.ofKind('Secret')) {
      for (const part of ['data', 'stringData'] as const) {
        if (Object.keys(fields(object.manifest[part])).length > 0)
          yield secret(object, part, 'holds values in the clear');
      }
    }
    for (const object of context.ofKind('ConfigMap')) {
      for (const [key, value] of Object.entries(fields(object.manifest.data))) {
        if (typeof value === 'string' && CREDENTIAL.test(value))
          yield secret(object, `data[${JSON.stringify(key)}]`, 'holds a credential');
      }
    }
    for (const object of context.objects) {
      const workflow = workflowSpec(object);
      if (!workflow) continue;
      const parameters = items(at(workflow.spec, 'arguments', 'parameters'), `${workflow.path}.arguments.parameters`);
      for (const { value, path } of parameters) {
        if (isSecret(text(value.name) ?? '', value.value)) yield secret(object, `${path}.value`, 'is a credential');
      }
    }
    for (const { object, containers } of podTemplates(context)) {
      for (const { fields: container, path } of containers) {
        for (const { value, path: field } of items(container.env, `${path}.env`)) {
          if (isSecret(text(value.name) ?? '', value.value)) yield secret(object, `${field}.value`, 'is a credential');
        }
        for (const part of ['command', 'args'] as const) {
          for (const [index, argument] of list(container[part]).entries()) {
            if (isSecretArgument(argument)) yield secret(object, `${path}.${part}[${index}]`, 'holds a credential');
          }
        }
        if (CREDENTIAL.test(text(container.source) ?? '')) yield secret(object, `${path}.source`, 'holds a credential');
      }
    }
  },
};

function isSecret(name: string, value: unknown): boolean {
  const known = text(value);
  return known !== undefined && ((SECRET_NAME.test(name) && !HARMLESS.test(known)) || CREDENTIAL.test(known));
}

function isSecretArgument(argument: unknown): boolean {
  const known = text(argument) ?? '';
  const option = SECRET_OPTION.exec(known)?.[2];
  return (option !== undefined && !HARMLESS.test(option)) || CREDENTIAL.test(known);
}

/** Never shows the value. */
function secret(object: RenderedObject, field: string, what: string): Finding {
  return {
    object,
    field,
    what,
    fix: 'take it from a SecretSource (existing, generated, sealed or external), mount it as a file, and change the value: it is no longer secret',
  };
}
