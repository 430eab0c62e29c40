/** The part of the untyped local servers that the tests use. */
declare module 'dynalite' {
  import type { Server } from 'node:http';
  function dynalite(options: { createTableMs: number; deleteTableMs: number }): Server;
  export = dynalite;
}

declare module 'kinesalite' {
  import type { Server } from 'node:http';
  function kinesalite(options: {
    createStreamMs: number;
    deleteStreamMs: number;
    shardLimit: number;
  }): Server;
  export = kinesalite;
}
