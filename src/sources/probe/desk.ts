/** The centre's side of `tocsin agent`, loaded when the config names agents. */
export { createAgentDesk } from './agent/desk.ts';
