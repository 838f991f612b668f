import { runCommand } from './cli/report';
import { synthForCdk8s } from './cli/synth-for-cdk8s';

// What `npx cdk8s synth` runs; `npm run synth` takes src/cli/main.ts. Both publish the same bytes.
void runCommand(() => synthForCdk8s(process.env.CDK8S_OUTDIR));
