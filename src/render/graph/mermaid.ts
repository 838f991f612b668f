import type { RenderedCluster, RenderedComponent } from '../model';
import type { Network } from './network';

/** Colours that can be read on a light and on a dark page. */
const CLASSES = [
  'classDef own fill:#dbeafe,stroke:#1d4ed8,color:#0f172a',
  'classDef upstream fill:#f1f5f9,stroke:#64748b,color:#0f172a,stroke-dasharray:4 3',
  'classDef addresses fill:#fef3c7,stroke:#b45309,color:#0f172a',
];

/** Most components of one wave that stand side by side. */
const PER_ROW = 4;

/** The boxes of waves need less room between them than Mermaid gives. */
const DENSE =
  '%%{init: {"flowchart": {"nodeSpacing": 20, "rankSpacing": 30, "subGraphTitleMargin": {"top": 4, "bottom": 8}}}}%%';

/**
 * Components in the order in which they come up: one box for each wave, from top to bottom.
 *
 * @param waveNames names of waves by their number
 */
export function wavesDiagram(cluster: RenderedCluster, waveNames: ReadonlyMap<number, string>): string {
  const byWave = new Map<number, RenderedComponent[]>();
  for (const component of cluster.components) {
    byWave.set(component.wave, [...(byWave.get(component.wave) ?? []), component]);
  }
  const waves = [...byWave.keys()].sort((a, b) => a - b);
  const lines = [DENSE, 'flowchart TB'];
  for (const wave of waves) {
    lines.push(`  subgraph ${waveId(wave)}["${text(`${waveNames.get(wave) ?? 'wave'} (${wave})`)}"]`);
    lines.push('    direction LR');
    const components = byWave.get(wave) ?? [];
    for (const { name, upstream } of components) {
      const shape = upstream ? `(["${text(name)}"]):::upstream` : `["${text(name)}"]:::own`;
      lines.push(`    ${nodeId(name)}${shape}`);
    }
    // Invisible edges make rows; without one, each component would have a row of its own.
    for (const [index, { name }] of components.entries()) {
      const beside = components[index + 1];
      if (beside && (index + 1) % PER_ROW !== 0) lines.push(`    ${nodeId(name)} ~~~ ${nodeId(beside.name)}`);
    }
    lines.push('  end');
  }
  for (const [index, wave] of waves.entries()) {
    const next = waves[index + 1];
    if (next !== undefined) lines.push(`  ${waveId(wave)} --> ${waveId(next)}`);
  }
  return [...lines, ...CLASSES.slice(0, 2).map((line) => `  ${line}`)].join('\n');
}

/** Who may open connections to whom, with the ports. */
export function networkDiagram({ participants, edges }: Network): string {
  const connected = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const ids = new Map(participants.map(({ id }) => [id, nodeId(id)]));
  const lines = ['flowchart LR'];
  for (const { id, label, type } of participants) {
    if (!connected.has(id)) continue;
    const name = `"${text(label)}"`;
    const shape =
      type === 'own' ? `[${name}]:::own` : type === 'foreign' ? `([${name}]):::upstream` : `{{${name}}}:::addresses`;
    lines.push(`  ${ids.get(id)}${shape}`);
  }
  for (const { from, to, ports } of edges) {
    lines.push(`  ${ids.get(from)} -->|"${text(ports.join(', ') || 'all ports')}"| ${ids.get(to)}`);
  }
  return [...lines, ...CLASSES.map((line) => `  ${line}`)].join('\n');
}

/** An identifier of Mermaid; the prefix keeps it apart from its keywords, such as `end`. */
function nodeId(name: string): string {
  return `n_${name.replace(/[^a-z0-9]/gi, (character) => (character === '-' ? '_' : `_${character.codePointAt(0)?.toString(16)}_`))}`;
}

function waveId(wave: number): string {
  return `wave_${wave < 0 ? `minus_${-wave}` : wave}`;
}

/** Text between quotes. */
function text(value: string): string {
  return value.replace(/[&"<>#;]/g, (character) => `#${character.codePointAt(0)};`);
}
