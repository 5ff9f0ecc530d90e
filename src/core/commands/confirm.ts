const YES = /\s*(?<![\p{L}\p{N}])(?:yes|да|sure|confirm|подтверждаю)[.!]?\s*$/iu;

/** "all yes" → yes, "all": how a typed confirmation ends. */
export function splitYes(args: string): { yes: boolean; rest: string } {
  return YES.test(args) ? { yes: true, rest: args.replace(YES, '').trim() } : { yes: false, rest: args };
}
