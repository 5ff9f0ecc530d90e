/** Four publishers; their texts about one event are in words of their own, but for the copy. */
export const OUTLETS = ['alpha', 'beta', 'gamma', 'delta'];
export const NEWS = {
  block: {
    alpha: {
      title: 'Russia blocks WhatsApp',
      summary:
        'The communications regulator cut off access to the messenger across the country on Wednesday evening, users of four operators say.',
    },
    beta: {
      title: 'WhatsApp blocked in Russia',
      summary:
        'Messages no longer arrive and the site does not open without a VPN; Roskomnadzor confirmed that it has restricted access to the service.',
    },
  },
  lift: {
    gamma: {
      title: 'Russia restores access to WhatsApp',
      summary:
        'The messenger works again for subscribers of all large operators, a day after the regulator had cut it off.',
    },
    delta: {
      title: 'WhatsApp unblocked in Russia',
      summary:
        'Roskomnadzor lifted the restrictions on Thursday; people in several cities confirm that calls and chats go through.',
    },
  },
};

/** Their feeds on that server, read every second. */
export const outletSources = (url: string): object[] =>
  OUTLETS.map((id) => ({
    id,
    kind: 'rss',
    url: `${url}/${id}`,
    cron: '* * * * * *',
    publisher: id,
    name: `${id} news`,
    lang: 'en',
  }));
