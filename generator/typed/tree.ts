/**
 * Typed form: an allocator as a tree in which every variable, parameter and result has one of few
 * types. The printers of targets other than JavaScript print nothing else.
 *
 * Numbers are unsigned 32-bit words, and arithmetic wraps. A `place` is the address of a 32-bit
 * word in the heap. The kernel counts places in words, and so does the heap's memory, in every
 * target; a printer may hold them as byte addresses. That is why a step from place to place, a
 * distance, and a place that is loaded or stored are nodes of their own.
 */
export type Shape = "number" | "place" | "bool" | "void";

export interface Type {
  readonly shape: Shape;
  /** The name that the kernel declares: Ptr, Page, Slab, …; "number" and "boolean" are no roles. */
  readonly role: string;
}

export interface Variable {
  readonly name: string;
  readonly type: Type;
}

/** What a heap keeps beside its memory: set when it is made, or changed while it works. */
export interface Register extends Variable {
  /** How it begins, told by registers before it. */
  readonly initial: Expression;
  readonly doc: string;
}

/** A number with a name. */
export interface Constant extends Variable {
  readonly value: number;
  readonly doc: string;
}

/** A constant table. */
export interface Table {
  readonly name: string;
  readonly values: readonly number[];
  readonly doc: string;
}

export interface TypedFunction {
  readonly name: string;
  readonly parameters: readonly Variable[];
  readonly result: Type;
  readonly body: readonly Statement[];
  readonly doc: string;
}

/** A module of the kernel: its functions under a heading of its own words. */
export interface TypedModule {
  readonly title: string;
  readonly about: string;
  readonly constants: readonly Constant[];
  readonly tables: readonly Table[];
  readonly registers: readonly Register[];
  readonly functions: readonly TypedFunction[];
}

export interface TypedProgram {
  readonly modules: readonly TypedModule[];
}

export type Arithmetic = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>>";
export type Comparison = "===" | "!==" | "<" | "<=" | ">" | ">=";

/** Functions of the target; `templates/kernel/intrinsics.ts` says what they do. */
export type Calculation =
  | "ceilDiv"
  | "addSaturating"
  | "productOverflows"
  | "min"
  | "max"
  | "clz32"
  | "memorySize"
  | "memoryGrow";

export type Expression =
  | { readonly kind: "literal"; readonly value: number; readonly type: Type }
  | { readonly kind: "truth"; readonly value: boolean; readonly type: Type }
  | { readonly kind: "constant"; readonly constant: Constant; readonly type: Type }
  | { readonly kind: "local"; readonly variable: Variable; readonly type: Type }
  | { readonly kind: "register"; readonly register: Variable; readonly type: Type }
  | {
      readonly kind: "arithmetic";
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
      readonly type: Type;
    }
  /** `words` words behind a place, or before it. */
  | {
      readonly kind: "step";
      readonly place: Expression;
      readonly back: boolean;
      readonly words: Expression;
      readonly type: Type;
    }
  /** Words from one place to another. */
  | { readonly kind: "distance"; readonly left: Expression; readonly right: Expression; readonly type: Type }
  /** The place at a byte address, rounded down to one unless it is known to be `aligned`. */
  | { readonly kind: "placeAt"; readonly address: Expression; readonly aligned: boolean; readonly type: Type }
  /** The byte address of a place. */
  | { readonly kind: "addressAt"; readonly place: Expression; readonly type: Type }
  | {
      readonly kind: "comparison";
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
      readonly type: Type;
    }
  | {
      readonly kind: "logic";
      readonly operator: "&&" | "||";
      readonly left: Expression;
      readonly right: Expression;
      readonly type: Type;
    }
  | { readonly kind: "not"; readonly operand: Expression; readonly type: Type }
  | {
      readonly kind: "choice";
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
      readonly type: Type;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly parameters: readonly Expression[];
      readonly type: Type;
    }
  | {
      readonly kind: "calculation";
      readonly name: Calculation;
      readonly parameters: readonly Expression[];
      readonly type: Type;
    }
  | { readonly kind: "load"; readonly place: Expression; readonly type: Type }
  | { readonly kind: "load8"; readonly address: Expression; readonly type: Type }
  | { readonly kind: "entry"; readonly table: Table; readonly index: Expression; readonly type: Type };

export type Statement = { readonly comment: readonly string[] } & (
  | { readonly kind: "declare"; readonly variable: Variable; readonly value: Expression }
  | {
      readonly kind: "assign";
      readonly target: Variable;
      readonly isRegister: boolean;
      readonly value: Expression;
    }
  | { readonly kind: "store"; readonly place: Expression; readonly value: Expression }
  | { readonly kind: "store8"; readonly address: Expression; readonly value: Expression }
  /** Zeroes eight bytes, the first at `8 * index`. */
  | { readonly kind: "zero64"; readonly index: Expression }
  /** Zeroes the bytes from `8 * from` to before `8 * to`. */
  | { readonly kind: "zeroRange64"; readonly from: Expression; readonly to: Expression }
  | {
      readonly kind: "copyBytes";
      readonly target: Expression;
      readonly from: Expression;
      readonly to: Expression;
    }
  | { readonly kind: "perform"; readonly call: Expression }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
    }
  /** `for` and `while`: the steps follow the body each time. */
  | {
      readonly kind: "loop";
      readonly before: readonly Statement[];
      readonly condition: Expression;
      readonly body: readonly Statement[];
      readonly steps: readonly Statement[];
    }
  | { readonly kind: "return"; readonly value?: Expression }
);
