import type { CommandPhrases } from '../../core/phrases/commands.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const commands: TextsOf<CommandPhrases> = {
  'what.everything': 'everything, everywhere',
  'what.country': '{country}: everything',
  'what.service': '{service} everywhere',
  'what.pair': '{country}: {service}',

  'error.unknown': 'I do not know “{word}”.',
  'error.meant': 'Did you mean {command}?',
  'error.help': '{command} lists all I can do.',
  'error.admins': 'Only admins can change what this group gets. Everyone may ask: try {command}',
  'error.readers': 'Only the admins decide what comes here. For alerts of your own, write to me in a private chat.',
  'error.operators': 'Only those who run this bot can do that.',
  'error.slow':
    'That was a lot at once: I did not carry out your last commands. Please send them again in half a minute.',
  'error.unanswered':
    'I could not answer everything that was asked here. If something is missing, please ask again in a minute.',
  'error.failed': 'Something went wrong on my side. It is in the log; please try again in a minute.',
  'error.word': 'I do not know “{word}”.',
  'error.nearest': 'I do not know “{word}”. Did you mean: {options}?',
  'error.ambiguous': '“{word}” can mean more than one thing: {options}. Which one?',
  'error.nothing': 'Nothing was changed.',
  'error.targets': 'Name countries and services, such as {command}',

  'ask.hello': 'Hello! I know where internet services are blocked, and tell you as soon as that changes.',
  'ask.try': 'Just ask, for example: {example}',
  'ask.example': '“Is WhatsApp blocked in Russia?”',
  'ask.none': 'I know nothing about that: my field is what is blocked on the internet, and where.',
  'ask.host': 'I do not know {host}: nobody tells me about it, so I cannot say whether it is open.',
  'ask.where': 'In which country? For example {command}',

  'help.head': 'What I can do',
  'help.more': 'More about one of them: {command}',
  'help.forms': 'Also: {forms}',

  'about.what':
    'Tocsin reads news, official registers and measurements, and tells you when access to an internet service or network changes in a country. It belongs to nobody but those who run it.',
  'about.sure': 'How sure is it?',
  'about.reported': 'Reported: one outlet tells it',
  'about.suspected': 'Suspected: measurements look like it; an anomaly is not a block',
  'about.corroborated':
    'Corroborated: two independent outlets, an official notice read at its source, or our own measurement on one network',
  'about.confirmed':
    'Confirmed: measured from several networks or by several kinds of source, or a block page was seen',
  'about.marks':
    '🔴 blocked · 🟠 throttled or partly restricted · ⚫ network shut down · 🟡 threatened · 🟢 works · ❔ unknown · ⚪ withdrawn',
  'about.privacy':
    'I keep what this chat follows, its language and time zone, and nothing you write. {command} deletes all of it.',

  'ping.pong': 'Here I am.',
  'ping.chat': 'It is {time} ({zone}).',
  'ping.you': 'In the configuration you are {id}.',
};
