import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Sdk = typeof import('@matrix-org/matrix-sdk-crypto-wasm');

/** The library in an instance of its own: what breaks one leaves the others alone. */
export interface Engine {
  sdk: Sdk;
  /** Calls back once, when Rust code has panicked: what was under way never ends, and nothing may be asked of this instance any more. */
  onPanic(call: (error: unknown) => void): void;
}

type Glue = Record<string, unknown> & { __wbg_set_wasm(exports: unknown): void };

const require = createRequire(import.meta.url);
const PACKAGE = '@matrix-org/matrix-sdk-crypto-wasm';
/** What is used of WebAssembly, which Node has and the types of Node do not. */
const wasm = (
  globalThis as unknown as {
    WebAssembly: {
      compile(bytes: Uint8Array): Promise<object>;
      instantiate(module: object, imports: Record<string, object>): Promise<{ exports: Record<string, unknown> }>;
    };
  }
).WebAssembly;
let compiling: Promise<object> | undefined;

/**
 * Loads the machine of `matrix-sdk-crypto`, 8 MB of WebAssembly, compiled once a process. The package's own loader makes one instance a process, and a panic
 * there leaves it broken for all: so its glue is loaded afresh for each. A panic comes out of a microtask, where nobody could catch it; the glue's ways to make
 * those, and timers, are replaced by some that do. `test/unit/matrix/crypto/vendor.test.ts` holds what is relied upon.
 */
export async function loadEngine(): Promise<Engine> {
  const folder = join(dirname(require.resolve(PACKAGE)), 'pkg');
  compiling ??= readFile(join(folder, 'matrix_sdk_crypto_wasm_bg.wasm')).then((bytes) => wasm.compile(bytes));
  const module = await compiling;
  const glue = freshGlue(join(folder, 'matrix_sdk_crypto_wasm_bg.cjs'));
  let panicked: unknown = null;
  const calls: ((error: unknown) => void)[] = [];
  const panic = (error: unknown): void => {
    if (panicked !== null) return;
    panicked = error;
    for (const call of calls.splice(0)) call(error);
  };
  catchCalls(glue, panic);
  const instance = await wasm.instantiate(module, { './matrix_sdk_crypto_wasm_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return {
    sdk: glue as unknown as Sdk,
    onPanic(call) {
      if (panicked !== null) call(panicked);
      else calls.push(call);
    },
  };
}

function freshGlue(file: string): Glue {
  delete require.cache[file];
  try {
    return require(file) as Glue;
  } finally {
    delete require.cache[file];
  }
}

/** What Rust has called later: its own code, in a microtask or after a while. */
function catchCalls(glue: Glue, panic: (error: unknown) => void): void {
  for (const kind of ['queueMicrotask', 'setTimeout']) {
    const names = Object.keys(glue).filter((name) => name.startsWith(`__wbg_${kind}_`));
    if (names.length === 0)
      throw new Error(`${PACKAGE} has its code called in another way than by ${kind}: see engine.ts`);
    for (const name of names) {
      const original = glue[name] as (...args: unknown[]) => unknown;
      glue[name] = (call: unknown, ...more: unknown[]) =>
        original(typeof call === 'function' ? caught(call) : call, ...more);
    }
  }
  function caught(call: unknown): () => void {
    return () => {
      try {
        (call as () => void)();
      } catch (error) {
        panic(error);
      }
    };
  }
}
