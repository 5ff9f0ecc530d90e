import type { AlertPhrases } from './alerts.ts';
import type { ButtonPhrases } from './buttons.ts';
import type { ChoicePhrases } from './choices.ts';
import type { CommandPhrases } from './commands.ts';
import type { EvidencePhrases } from './evidence.ts';
import type { FirstPhrases } from './first.ts';
import type { FollowPhrases } from './follow.ts';
import type { HeadlinePhrases } from './headlines.ts';
import type { IncidentPhrases } from './incidents.ts';
import type { MenuPhrases } from './menu.ts';
import type { OperatorPhrases } from './operators.ts';
import type { PairPhrases } from './pairs.ts';
import type { PicturePhrases } from './pictures.ts';
import type { PlacePhrases } from './place.ts';
import type { RegularPhrases } from './regular.ts';
import type { SettingsPhrases } from './settings.ts';
import type { SitePhrases } from './site.ts';
import type { StatusPhrases } from './status.ts';
import type { TellingPhrases } from './telling.ts';

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
    EvidencePhrases,
    SitePhrases {}
