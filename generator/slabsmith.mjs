// In a checkout the program is TypeScript and is run as it stands; what is installed is JavaScript.
import { register } from "tsx/esm/api";

register();
await import("./main.ts");
