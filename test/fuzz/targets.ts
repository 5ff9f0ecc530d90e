import { chatTargets } from './chats.ts';
import { feedTargets } from './feeds.ts';
import { operatorTargets } from './operator.ts';
import { platformTargets } from './platforms.ts';
import type { Target } from './target.ts';

export const targets: Target[] = [...feedTargets, ...chatTargets, ...platformTargets, ...operatorTargets];
