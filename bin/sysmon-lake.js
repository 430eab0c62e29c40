#!/usr/bin/env node
/** Starts the command, or says in one line why it cannot start. Written for any Node, so that an old one gets that far. */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  console.error(
    `sysmon-lake: needs Node 22.15 or newer, this is ${process.versions.node}; run it as \`npx sysmon-lake\``,
  );
  process.exitCode = 2;
} else {
  const { main } = await import('../dist/sysmon-lake.js');
  process.exitCode = await main(process.argv);
}
