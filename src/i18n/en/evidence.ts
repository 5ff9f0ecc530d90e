import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'Evidence card {id}',
  'evidence.times': 'Times, in UTC ({zone})',
  'evidence.since': 'Since',
  'evidence.ended': 'Ended',
  'evidence.last': 'Last report',
  'evidence.wording': 'How the wording changed',
  'evidence.vantages': 'Measured from',
  'evidence.cite': 'How to cite it:',
  'evidence.citation': 'Tocsin, incident {id}: “{headline}”, since {since}; as of {made}, SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 of the JSON without madeAt and sha256: {hash}',
  'evidence.made': 'Made {when}',
  'evidence.usage': 'A card of which incident? Its id stands at the end of each alert: {command}',
  'evidence.other': 'The same for machines or for people: {command}',
  'evidence.files': 'The card to keep, as text and as JSON. Who has the JSON can check the digest.',
  'button.card': 'Card to keep',
  'button.text': 'As text',
};
