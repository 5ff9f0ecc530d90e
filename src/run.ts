/** The command line, with a compile cache named by `NODE_COMPILE_CACHE` or enabled: what `tocsin.mjs` and `main.ts` go on to. */

export async function run(): Promise<void> {
  // `tocsin classify … | head`: whoever read us has had enough, which is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' && process.argv[2] !== 'start') process.exit(0);
  });
  const { main } = await import('./cli/index.ts');
  const code = await main(process.argv.slice(2));
  // Not process.exit(): what stdout still holds must reach the pipe.
  process.exitCode = code;
}

if (import.meta.main) await run();
