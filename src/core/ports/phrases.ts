import type { AlertPhrases } from './phrases/alerts.ts';
import type { ButtonPhrases } from './phrases/buttons.ts';
import type { ChoicePhrases } from './phrases/choices.ts';
import type { CommandPhrases } from './phrases/commands.ts';
import type { EvidencePhrases } from './phrases/evidence.ts';
import type { FirstPhrases } from './phrases/first.ts';
import type { FollowPhrases } from './phrases/follow.ts';
import type { HeadlinePhrases } from './phrases/headlines.ts';
import type { IncidentPhrases } from './phrases/incidents.ts';
import type { MenuPhrases } from './phrases/menu.ts';
import type { OperatorPhrases } from './phrases/operators.ts';
import type { PairPhrases } from './phrases/pairs.ts';
import type { PicturePhrases } from './phrases/pictures.ts';
import type { PlacePhrases } from './phrases/place.ts';
import type { RegularPhrases } from './phrases/regular.ts';
import type { SettingsPhrases } from './phrases/settings.ts';
import type { StatusPhrases } from './phrases/status.ts';
import type { TellingPhrases } from './phrases/telling.ts';

/**
 * Every sentence that a chat may read, with its placeholders, in rooms of meaning: a catalogue of `src/i18n/` has a file for each.
 * `n` chooses the plural form.
 */
export interface Phrases
  extends HeadlinePhrases,
    AlertPhrases,
    MenuPhrases,
    CommandPhrases,
    FirstPhrases,
    FollowPhrases,
    StatusPhrases,
    IncidentPhrases,
    PicturePhrases,
    SettingsPhrases,
    ChoicePhrases,
    RegularPhrases,
    OperatorPhrases,
    ButtonPhrases,
    PlacePhrases,
    TellingPhrases,
    PairPhrases,
    EvidencePhrases {}
