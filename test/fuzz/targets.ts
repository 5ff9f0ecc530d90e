import { chatTargets } from './chats.ts';
import { feedTargets } from './feeds.ts';
import { operatorTargets } from './operator.ts';
import type { Target } from './target.ts';

export const targets: Target[] = [...feedTargets, ...chatTargets, ...operatorTargets];
