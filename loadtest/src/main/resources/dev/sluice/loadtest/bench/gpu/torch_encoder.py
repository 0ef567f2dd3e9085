# SPDX-License-Identifier: Apache-2.0
"""An encoder of BERT's shape in PyTorch, for `sluice gpu-check` to measure itself beside.

    torch_encoder.py LAYERS HIDDEN HEADS INNER WORDS POSITIONS

Half precision, random weights, scaled_dot_product_attention, torch.compile; batches are padded to
their longest sequence. Says one line, and then answers each line that it is told with one:

    (at the start)            ready WORDS      or  absent REASON, and ends
    batch NAME LENGTH ...     ok               takes up a batch and warms up on it
    run NAME REPEATS          millis NUMBER    of so many runs together, by the card's own clock

or with `failed REASON`. Lines `note WORDS` may come before any answer. Ends with its input.
"""

import os
import sys

# What libraries print must not come between the answers.
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


def say(kind, words=""):
    line = " ".join(str(words).split())[:500]
    answers.write(f"{kind} {line}\n" if line else f"{kind}\n")


def absent(reason):
    say("absent", reason)
    sys.exit(0)


try:
    import torch
    import torch.nn.functional as F
    from torch import nn
except Exception as failure:
    absent(f"{sys.executable} has no PyTorch: {failure}")
if int(torch.__version__.split(".")[0]) < 2:
    absent(f"PyTorch {torch.__version__} is older than 2")
if not torch.cuda.is_available():
    absent(f"PyTorch {torch.__version__} finds no CUDA here")

CARD = torch.device("cuda:0")
WARM_UPS = 5


class Layer(nn.Module):
    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.attended = nn.LayerNorm(hidden, eps=1e-12)
        self.up = nn.Linear(hidden, inner)
        self.down = nn.Linear(inner, hidden)
        self.done = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x, mask):
        rows, width, hidden = x.shape
        split = self.qkv(x).view(rows, width, 3, self.heads, hidden // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        heads = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.attended(x + self.out(heads.transpose(1, 2).reshape(rows, width, hidden)))
        return self.done(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self, layers, hidden, heads, inner, words, positions):
        super().__init__()
        self.words = nn.Embedding(words, hidden)
        self.positions = nn.Embedding(positions, hidden)
        self.types = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(hidden, heads, inner) for _ in range(layers))

    def forward(self, ids, real):
        """`real` is 1 at tokens and 0 at padding, or None where there is none."""
        places = torch.arange(ids.shape[1], device=ids.device)
        types = self.types.weight[0]
        x = self.norm(self.words(ids) + self.positions(places) + types)
        mask = None if real is None else real[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, mask)
        if real is None:
            pooled = x.mean(dim=1)
        else:
            weights = real.to(x.dtype)[:, :, None]
            pooled = (x * weights).sum(dim=1) / weights.sum(dim=1)
        return F.normalize(pooled.float(), dim=1)


class Batches:
    def __init__(self, sizes):
        self.words = sizes[4]
        torch.manual_seed(1)
        with torch.device(CARD):
            self.plain = Encoder(*sizes).half().eval()
        for weight in self.plain.parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=0.02)
        self.model = torch.compile(self.plain, dynamic=False)
        self.known = {}

    def prepare(self, name, lengths):
        width = max(lengths)
        ids = torch.randint(self.words, (len(lengths), width), device=CARD)
        real = None
        if min(lengths) < width:
            ends = torch.tensor(lengths, device=CARD)
            real = (torch.arange(width, device=CARD)[None, :] < ends[:, None]).long()
            ids = ids * real
        self.known[name] = (ids, real)
        try:
            self.warm_up(name)
        except Exception as failure:
            if self.model is self.plain:
                raise
            say("note", f"torch.compile failed, eager from here on: {failure}")
            self.model = self.plain
            self.warm_up(name)

    def warm_up(self, name):
        for _ in range(WARM_UPS):
            vectors = self.once(name)
        if not torch.isfinite(vectors).all():
            raise ValueError("its vectors are not all finite numbers")

    def once(self, name):
        with torch.inference_mode():
            return self.model(*self.known[name])

    def millis(self, name, repeats):
        begin = torch.cuda.Event(enable_timing=True)
        end = torch.cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(repeats):
            self.once(name)
        end.record()
        end.synchronize()
        return begin.elapsed_time(end)


def answer(batches, line):
    command, name, *numbers = line.split()
    if command == "batch":
        batches.prepare(name, [int(number) for number in numbers])
        say("ok")
    elif command == "run":
        say("millis", repr(batches.millis(name, int(numbers[0]))))
    else:
        raise ValueError(f"no command {command}")


def main():
    batches = Batches([int(number) for number in sys.argv[1:7]])
    card = torch.cuda.get_device_name(CARD)
    say("ready", f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, on {card}, compiled")
    for line in sys.stdin:
        try:
            answer(batches, line)
        except Exception as failure:
            say("failed", f"{type(failure).__name__}: {failure}")


try:
    main()
except Exception as failure:
    absent(f"{type(failure).__name__}: {failure}")
