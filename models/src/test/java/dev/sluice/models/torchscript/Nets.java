// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import static dev.sluice.models.torchscript.ScriptNet.module;

import java.nio.file.Path;

/** Models as {@code torch.jit.script} and {@code torch.jit.trace} write them. */
final class Nets {
  private static final String LINEAR = "__torch__.torch.nn.modules.linear";
  private static final String MANGLED = LINEAR + ".___torch_mangle_0";

  private Nets() {}

  /** 128 to 256 to 128, scripted: a class for each shape of a linear layer. */
  static Path scriptedMlp(Path file) {
    ScriptNet net =
        new ScriptNet()
            .linearClass(LINEAR)
            .linearClass(MANGLED)
            .code(
                "__torch__",
                """
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  first : __torch__.torch.nn.modules.linear.Linear
                  second : __torch__.torch.nn.modules.linear.___torch_mangle_0.Linear
                  def forward(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                    first = self.first
                    second = self.second
                    x0 = torch.relu((first).forward(x, ))
                    return (second).forward(x0, )
                """);
    return net.write(
        file,
        module(
            "__torch__.Net",
            "first",
            module(LINEAR + ".Linear", "weight", net.tensor(256, 128), "bias", net.tensor(256)),
            "second",
            module(MANGLED + ".Linear", "weight", net.tensor(128, 256), "bias", net.tensor(128))));
  }

  /** The same as older tracers wrote it: a product with the turned weights, and a sum. */
  static Path tracedMlp(Path file) {
    ScriptNet net =
        new ScriptNet()
            .code(
                LINEAR,
                """
                class Linear(Module):
                  __parameters__ = ["weight", "bias", ]
                  __buffers__ = []
                  weight : Tensor
                  bias : Tensor
                  training : bool
                  def forward(self: __torch__.torch.nn.modules.linear.Linear,
                    argument_1: Tensor) -> Tensor:
                    _0 = self.bias
                    output = torch.matmul(argument_1, torch.t(self.weight))
                    return torch.add_(output, _0, alpha=1)
                """)
            .code(
                MANGLED,
                """
                class Linear(Module):
                  __parameters__ = ["weight", "bias", ]
                  __buffers__ = []
                  weight : Tensor
                  bias : Tensor
                  training : bool
                  def forward(self: __torch__.torch.nn.modules.linear.___torch_mangle_0.Linear,
                    argument_1: Tensor) -> Tensor:
                    _0 = self.bias
                    _1 = torch.addmm(_0, argument_1, torch.t(self.weight), beta=1, alpha=1)
                    return _1
                """)
            .code(
                "__torch__",
                """
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  __annotations__["0"] = __torch__.torch.nn.modules.linear.Linear
                  __annotations__["1"] = __torch__.torch.nn.modules.linear.___torch_mangle_0.Linear
                  def forward(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                    _0 = getattr(self, "1")
                    _1 = (getattr(self, "0")).forward(x, )
                    return (_0).forward(torch.relu(_1), )
                """);
    return net.write(
        file,
        module(
            "__torch__.Net",
            "0",
            module(LINEAR + ".Linear", "weight", net.tensor(256, 128), "bias", net.tensor(256)),
            "1",
            module(MANGLED + ".Linear", "weight", net.tensor(128, 256), "bias", net.tensor(128))));
  }

  /** Two blocks of one class, each with LayerNorm and two layers of one class, and a small head. */
  static Path blocks(Path file) {
    ScriptNet net =
        new ScriptNet()
            .linearClass(LINEAR)
            .linearClass(MANGLED)
            .code(
                "__torch__.block",
                """
                class Block(Module):
                  __parameters__ = ["scale", "shift", ]
                  __buffers__ = []
                  scale : Tensor
                  shift : Tensor
                  training : bool
                  up : __torch__.torch.nn.modules.linear.Linear
                  down : __torch__.torch.nn.modules.linear.Linear
                  def forward(self: __torch__.block.Block,
                    x: Tensor) -> Tensor:
                    scale = self.scale
                    shift = self.shift
                    y = torch.layer_norm(x, [128], scale, shift, 1.0000000000000001e-05)
                    up = self.up
                    down = self.down
                    y0 = torch.gelu((up).forward(y, ))
                    return torch.add(x, (down).forward(y0, ))
                """)
            .code(
                "__torch__",
                """
                class Blocks(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  __annotations__["0"] = __torch__.block.Block
                  __annotations__["1"] = __torch__.block.Block
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  blocks : __torch__.Blocks
                  head : __torch__.torch.nn.modules.linear.___torch_mangle_0.Linear
                  def forward(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                    blocks = self.blocks
                    _0 = getattr(blocks, "0")
                    _1 = getattr(blocks, "1")
                    x0 = (_1).forward((_0).forward(x, ), )
                    head = self.head
                    return (head).forward(x0, )
                """);
    return net.write(
        file,
        module(
            "__torch__.Net",
            "blocks",
            module("__torch__.Blocks", "0", block(net), "1", block(net)),
            "head",
            module(MANGLED + ".Linear", "weight", net.tensor(2, 128), "bias", net.tensor(2))));
  }

  private static PickleValue block(ScriptNet net) {
    return module(
        "__torch__.block.Block",
        "scale",
        net.tensor(128),
        "shift",
        net.tensor(128),
        "up",
        module(LINEAR + ".Linear", "weight", net.tensor(128, 128), "bias", net.tensor(128)),
        "down",
        module(LINEAR + ".Linear", "weight", net.tensor(128, 128), "bias", net.tensor(128)));
  }
}
