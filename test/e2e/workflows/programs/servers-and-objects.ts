import {
  container,
  daemon,
  dag,
  http,
  input,
  output,
  resource,
  text,
  workflowTemplate,
} from '../../../../src/argo-workflows/language';
import { python } from './parts';

const SERVER = `
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'pong')
    def log_message(self, *args): pass
http.server.HTTPServer(('', 8080), Handler).serve_forever()`;

/** A server beside the steps, asked by a program and by Argo's own agent. */
export const servers = workflowTemplate('servers', {
  serviceAccount: { name: 'asker' },
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const server = daemon('server', {
        ...python(SERVER),
        readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1, failureThreshold: 60 },
      });
      const ask = container('ask', {
        ...python(
          `import pathlib, sys, urllib.request; pathlib.Path('/outputs/said').write_text(urllib.request.urlopen(sys.argv[1]).read().decode())`,
        ),
        inputs: { address: input.string() },
        outputs: { said: output.path('/outputs/said') },
        args: (c) => [text`http://${c.inputs.address}:8080/`],
      });
      const call = http('call', {
        inputs: { address: input.string() },
        url: (c) => text`http://${c.inputs.address}:8080/`,
      });
      const { ip } = d.task('server', server, {}).outputs;
      const asked = d.task('ask', ask, { address: ip });
      const called = d.task('call', call, { address: ip });
      return { asked: asked.outputs.said, called: called.outputs.result };
    }),
  },
});

/** An object of Kubernetes, made and read again. */
export const objects = workflowTemplate('objects', {
  serviceAccount: { name: 'workflow' },
  entrypoint: 'main',
  templates: {
    main: dag('main', {}, (d) => {
      const make = resource('make', {
        inputs: { value: input.string() },
        outputs: { value: output.jsonPath('{.data.value}'), kind: output.jqFilter('.kind') },
        action: 'create',
        manifest: (c) => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'made-by-a-workflow' },
          data: { value: c.inputs.value },
        }),
        setOwnerReference: true,
        serviceAccount: { name: 'maker' },
      });
      const { value, kind } = d.task('make', make, { value: 'a "b"' }).outputs;
      return { value, kind };
    }),
  },
});
