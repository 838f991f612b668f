import { type Fields, fieldsOf, listOf, partAt, scalarText } from '../lint/fields';
import type { Template } from '../lint/model';
import { type Attempt, attemptNode } from './attempt';
import { parseSeconds } from './durations';
import { exportGlobals } from './outputs';
import { NO_OUTPUTS, RunError, type RunNode } from './result';
import { substituteAll } from './scope';

/** Waits for an answer or for its duration, whichever there is; without an answer, outputs get their defaults. */
export async function runSuspend(attempt: Attempt): Promise<RunNode> {
  const { context, frame } = attempt;
  const { clock, deadline, signal } = context;
  const { template } = frame;
  const suspend = fieldsOf(substituteAll(partAt(template, 'suspend').fields, frame.scope, frame.name));
  const duration = scalarText(suspend.duration) ?? '';
  const wait = duration === '' ? Number.POSITIVE_INFINITY : parseSeconds(duration, frame.name);
  const left = deadline - clock.now();
  const answer = context.answers[template.name] ?? (await askSomebody(attempt, Math.min(wait, left)));
  if (signal.aborted) return attemptNode(attempt, { kind: 'Suspend', phase: 'Failed', message: 'the run was stopped' });
  if (answer === undefined && wait === Number.POSITIVE_INFINITY) {
    const asked = template.outputs.parameters.map(({ name }) => name).join(', ');
    const fix = `answer it: ${asked || 'with nothing'}`;
    throw new RunError(frame.name, `"${template.name}" waits for a person, and has no answer`, fix);
  }
  checkAnswer(template, answer ?? {}, frame.name);
  if (answer === undefined) await clock.sleep(Math.min(attempt.startedAt + wait, deadline) - clock.now(), signal);
  if ((answer === undefined && wait > left) || signal.aborted) {
    return attemptNode(attempt, { kind: 'Suspend', phase: 'Failed', message: 'Step exceeded its deadline' });
  }
  const parameters: Record<string, string> = {};
  for (const { name, fields } of template.outputs.parameters) {
    const from = fieldsOf(fields.valueFrom);
    const value = answer?.[name] ?? scalarText(from.default) ?? scalarText(inputOf(template, name)?.default);
    if (value !== undefined) parameters[name] = value;
    else if (answer !== undefined)
      throw new RunError(frame.name, `the answer to "${template.name}" lacks "${name}"`, 'add it');
    else {
      const message = `output parameter '${name}' has not been set and does not have a default value`;
      return attemptNode(attempt, { kind: 'Suspend', phase: 'Error', message });
    }
  }
  const outputs = { ...NO_OUTPUTS, parameters };
  exportGlobals(template, outputs, frame.scope, context);
  return attemptNode(attempt, { kind: 'Suspend', phase: 'Succeeded', outputs });
}

/** The input of the same name, of which the form is made; its default is an answer too, its value is not. */
function inputOf(template: Template, name: string): Fields | undefined {
  return template.inputs.parameters.find((input) => input.name === name)?.fields;
}

/** What somebody says who is there to be asked, and answers within so many seconds. */
async function askSomebody(
  { context, frame }: Attempt,
  seconds: number,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { ask, clock, signal } = context;
  const { name, outputs } = frame.template;
  // A pause that asks nothing ends by itself.
  if (ask === undefined || (outputs.parameters.length === 0 && seconds < Number.POSITIVE_INFINITY)) return undefined;
  const questions = outputs.parameters.map((output) => {
    const input = inputOf(frame.template, output.name) ?? {};
    const usual = scalarText(fieldsOf(output.fields.valueFrom).default) ?? scalarText(input.default);
    return {
      name: output.name,
      description: scalarText(input.description) ?? scalarText(output.fields.description) ?? '',
      choices: listOf(input.enum).flatMap((choice) => scalarText(choice) ?? []),
      ...(usual === undefined ? {} : { usual }),
    };
  });
  const late = new AbortController();
  const stop = AbortSignal.any([signal, late.signal]);
  const answer = clock.await(ask({ node: frame.name, template: name, questions }, stop));
  if (seconds === Number.POSITIVE_INFINITY) return answer;
  const inTime = new AbortController();
  void clock.sleep(seconds, inTime.signal).then(() => late.abort());
  return answer.finally(() => inTime.abort());
}

/** An answer is one of the form's values. */
function checkAnswer(template: Template, answer: Readonly<Record<string, string>>, where: string): void {
  for (const [name, value] of Object.entries(answer)) {
    const declared = template.outputs.parameters.map((output) => output.name);
    if (!declared.includes(name)) {
      throw new RunError(
        where,
        `"${template.name}" asks for no "${name}"`,
        `answer ${declared.join(', ') || 'nothing'}`,
      );
    }
    const choices = inputOf(template, name)?.enum;
    if (!Array.isArray(choices) || choices.map(scalarText).includes(value)) continue;
    throw new RunError(
      where,
      `the answer "${value}" for "${name}" is not offered`,
      `answer one of ${choices.join(', ')}`,
    );
  }
}
