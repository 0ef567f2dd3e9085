// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.nio.charset.StandardCharsets;

/**
 * The code that INT8 layers call, which goes into each archive.
 *
 * <p>Each row (a token's vector) is divided by its own largest magnitude, so that one constant
 * scale serves all rows and none depends on another. Activations take the 255 levels from -127 to
 * 127, weights the 129 from -64 to 64: the instructions of processors without VNNI add two products
 * in 16 bits, and 2 * 255 * 64 is below 32,768. Eight bits of weights would be cut off there in
 * silence; the eighth bit of activations, which have outliers, is worth more than that of weights.
 */
final class Int8Code {
  static final String ENTRY = ScriptArchive.CODE + "__torch__/sluice_int8.py";
  static final String PACKED = "__torch__.torch.classes.quantized.LinearPackedParamsBase";

  /** The largest INT8 weight. */
  static final int LEVELS = 64;

  private static final String MODULE = "__torch__.sluice_int8.";

  private Int8Code() {}

  /** 1e-30 stands for the magnitude of a row of zeros, whose answer is zero either way. */
  static byte[] text() {
    return """
      def product(u: Tensor,
          w: %1$s) -> Tensor:
        return ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(u, %2$s, 128, w)
      def rows(x: Tensor,
          w: %1$s) -> Tuple[Tensor, Tensor]:
        s = torch.clamp_min(torch.amax(torch.abs(x), [-1], True), 1.0000000000000000e-30)
        u = torch.mul(x, torch.reciprocal(s))
        if torch.eq(torch.dim(x), 1):
          y = torch.squeeze(__torch__.sluice_int8.product(torch.unsqueeze(u, 0), w, ), 0)
        else:
          y = __torch__.sluice_int8.product(u, w, )
        return (y, s)
      def matmul(x: Tensor,
          w: %1$s) -> Tensor:
        y, s, = __torch__.sluice_int8.rows(x, w, )
        return torch.mul_(y, s)
      def addmm(b: Tensor,
          x: Tensor,
          w: %1$s) -> Tensor:
        y, s, = __torch__.sluice_int8.rows(x, w, )
        return torch.addcmul(b, y, s)
      def linear(x: Tensor,
          w: %1$s,
          b: Optional[Tensor]) -> Tensor:
        if torch.__is__(b, None):
          z = __torch__.sluice_int8.matmul(x, w, )
        else:
          c = unchecked_cast(Tensor, b)
          z = __torch__.sluice_int8.addmm(c, x, w, )
        return z
      """
        .formatted(PACKED, Double.toString(1 / 127.0))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** What code calls it. */
  static String function(LinearCall.Kind kind) {
    return MODULE + kind.function();
  }
}
