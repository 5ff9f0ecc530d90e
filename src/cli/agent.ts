/** `tocsin agent`: probes on a machine in another network, for a centre elsewhere. */
export { help, run } from './probe-agent.ts';
