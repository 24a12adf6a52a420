/** The typed form of the kernel, for targets that are not JavaScript. */
import type { KernelSpec } from "../../spec/kernel-spec.ts";
import { readBareKernel } from "../kernel-source.ts";
import { chooseComments, chosenText } from "../stages/comments.ts";
import { Evaluator } from "../stages/evaluate.ts";
import { specialise } from "../stages/specialise.ts";
import { declareLocals } from "./declare-locals.ts";
import { readTyped } from "./read-program.ts";
import type { TypedProgram } from "./tree.ts";

/**
 * The kernel's functions that are asked for, and what they need, specialised and typed. The table
 * of contents says which host they have.
 */
export function typedKernel(
  spec: KernelSpec,
  contents: readonly string[],
  names: readonly string[],
): TypedProgram {
  const kernel = readBareKernel(contents);
  const choices = { spec, allFields: false };
  const special = specialise(declareLocals(kernel), choices, { names, implied: {} });
  const { holds } = new Evaluator(kernel, choices);
  const modules = special.modules.map((module) => ({
    ...module,
    about: chosenText(module.about, holds),
    text: chooseComments(module.text, holds),
  }));
  return readTyped({ ...special, modules }, kernel);
}
