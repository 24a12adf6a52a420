// A worker begins without the hooks of the thread that made it (see slabsmith.mjs).
import { register } from "tsx/esm/api";

register();
await import("./member.ts");
