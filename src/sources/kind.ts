import type { GenericSchema } from 'valibot';
import type { AgentConfig, AgentDesk, DeskDeps } from '../core/ports/agents.ts';
import type { Source, SourceDeps } from '../core/ports/source.ts';

/** One line of the register. `Config` is what the schema yields; it always has `id` and `kind`. */
export interface SourceKind<Config extends { id: string; kind: string }> {
  kind: string;
  /** A strict object schema: unknown keys are errors. */
  schema: GenericSchema<unknown, Config>;
  secrets: readonly string[];
  /** The source that the operator's own vantage point makes, in the form that the schema yields; only probing kinds have one. */
  ofVantage?(vantage: unknown, folder: string): Config;
  /** How machines elsewhere hand in what they measured; one kind at most has such agents. The schema is that of a line under `agents`. */
  agents?: {
    schema: GenericSchema<unknown, AgentConfig>;
    secrets: readonly string[];
    load(): Promise<{ createAgentDesk(deps: DeskDeps): Promise<AgentDesk> }>;
  };
  load(): Promise<{ createSource(config: Config, deps: SourceDeps): Source }>;
}
