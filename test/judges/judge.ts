import { execFile } from 'node:child_process';

/** Something that a judge does not like. */
export interface Finding {
  readonly judge: string;
  /** The judge's own name of the rule. */
  readonly rule: string;
  /** `Kind namespace/name`, or a file for what concerns its text. */
  readonly object: string;
  readonly message: string;
}

/** The rendered files of one cluster. */
export interface Subject {
  /** Files, relative to the root of the repository. */
  readonly files: readonly string[];
  /** `Kind namespace/name` of the object in a file. */
  readonly objectIn: (file: string) => string;
}

/** A program that others wrote to judge Kubernetes objects. */
export interface Judge {
  /** Name of the program. */
  readonly name: string;
  /** @throws when the program does not do its work */
  readonly judge: (program: string, subject: Subject) => Promise<Finding[]>;
}

/** Runs a judge. One that finds something may exit with another code than zero; one that prints nothing has failed. */
export function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error && stdout === '') reject(new Error(`${program} failed: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}
