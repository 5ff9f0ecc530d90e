/** Is this version of Node new enough to run Tocsin? Without an argument: the one that runs. */
export function newEnough(version?: string): boolean;
/** The packaged Node for a system such as `linux-x64`, looked for in `from` and the folders above it; null = not installed. */
export function packagedNode(from?: string, system?: string): string | null;
/** Why the Node at this path does not run here, in one line with the remedy; null = it runs. */
export function faultOf(node: string): string | null;
/** Goes on as `node …args` under a Node that is new enough. */
export function run(args: readonly string[]): void;
/** Is the module of this URL what Node was asked to run? */
export function isMain(url: string): boolean;
