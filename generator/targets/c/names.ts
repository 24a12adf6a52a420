/** Names of the kernel that mean something else in C. */
const TAKEN: Readonly<Record<string, string>> = {
  malloc: "malloc32",
  calloc: "calloc32",
  realloc: "realloc32",
  memalign: "memalign32",
  free: "free32",
  auto: "auto_",
  default: "default_",
  double: "double_",
  float: "float_",
  int: "int_",
  long: "long_",
  register: "register_",
  short: "short_",
  signed: "signed_",
  static: "static_",
  union: "union_",
  unsigned: "unsigned_",
};

/** The name of a function or a local in C. Functions of libraries have 32-bit addresses here. */
export function nameInC(name: string): string {
  return Object.hasOwn(TAKEN, name) ? TAKEN[name]! : name;
}
