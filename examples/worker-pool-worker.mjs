// Node 20 reads no TypeScript in a worker. A project that has compiled its sources starts them without this file.
import { register } from "tsx/esm/api";

register();
await import("./worker-pool.ts");
