// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.torchscript.PickleValue.Call;
import dev.sluice.models.torchscript.PickleValue.Dict;
import dev.sluice.models.torchscript.PickleValue.Entry;
import dev.sluice.models.torchscript.PickleValue.Global;
import dev.sluice.models.torchscript.PickleValue.Instance;
import dev.sluice.models.torchscript.PickleValue.Literal;
import dev.sluice.models.torchscript.PickleValue.Real;
import dev.sluice.models.torchscript.PickleValue.Sequence;
import dev.sluice.models.torchscript.PickleValue.Stored;
import dev.sluice.models.torchscript.PickleValue.Text;
import dev.sluice.models.torchscript.PickleValue.Tuple;
import dev.sluice.models.torchscript.PickleValue.Whole;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PickleTest {
  private static PickleValue everything() {
    List<PickleValue> numbers = new ArrayList<>();
    for (long whole : new long[] {0, 255, 256, 65_535, 65_536, -1, Long.MIN_VALUE, 1L << 40}) {
      numbers.add(new Whole(whole));
    }
    PickleValue list = new Sequence(numbers);
    return new Instance(
        new Global("__torch__", "Net"),
        new Dict(
            List.of(
                new Entry(new Text("näme"), new Tuple(list, list, new Real(-1.5e300))),
                new Entry(new Whole(3), new Tuple(Literal.NONE, Literal.TRUE, Literal.FALSE)),
                new Entry(
                    new Text("t"),
                    new Call(new Global("a.b", "f"), new Tuple(new Stored(new Text("näme"))))))));
  }

  private static byte[] pickle(String latin) {
    return ("\u0080\u0002" + latin).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    byte[] bytes = PickleWriter.write(everything());

    PickleValue read = PickleReader.read(bytes);

    assertThat(read).isEqualTo(everything());
    assertThat(PickleWriter.write(read)).isEqualTo(bytes);
  }

  @Test
  void whatIsSharedStaysShared() throws Exception {
    PickleValue shared = new Sequence(List.of(new Whole(1)));
    PickleValue equal = new Sequence(List.of(new Whole(1)));

    Tuple read = (Tuple) PickleReader.read(PickleWriter.write(new Tuple(shared, equal, shared)));

    assertThat(read.items().get(0)).isSameAs(read.items().get(2)).isNotSameAs(read.items().get(1));
  }

  @Test
  void moreThan256SharedObjects() throws Exception {
    List<PickleValue> names = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      names.add(new Text("name" + i));
    }
    PickleValue once = new Tuple(names);
    PickleValue many = new Tuple(new Tuple(names), once, once);

    assertThat(PickleReader.read(PickleWriter.write(many))).isEqualTo(many);
  }

  @Test
  void everyTruncationIsAnError() {
    byte[] bytes = PickleWriter.write(everything());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> PickleReader.read(cut))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("the archive's data.pkl cannot be read: ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cos\\nsystem\\n(S'x'\\ntR.  | opcode 0x53 is none that TorchScript writes
          .                          | it uses a value that is not there
          (.                         | it uses a value that is not there
          NN.                        | it ends with values left over
          t.                         | it ends a group that it has not begun
          h\\x07.                    | it refers to a value that it has not named
          N(u.                       | it sets items of something that is not a dict
          }(Nu.                      | it sets items of something that is not a dict
          ]q\\x00(he.                | it refers to a value that it has not named
          ]q\\x00(Ne.                | it adds to a list or dict that is in use already
          N)R.                       | it calls something that is not a function
          ca\\nb\\n)\\x81.           | it uses an object that has no state yet
          ca\\nb\\n)\\x81q\\x00.     | it refers to an object that has no state yet
          N}b.                       | it gives a state to something that is not an object
          X\\xff\\xff\\xff\\x7f.     | it is cut short
          X\\xff\\xff\\xff\\xff.     | it is cut short
          \\x8a\\xff.                | it has an integer of more than 64 bits
          """)
  void whatTorchScriptNeverWrites(String escaped, String why) {
    String latin = escaped.strip().replace("\\n", "\n");
    for (int at = latin.indexOf("\\x"); at >= 0; at = latin.indexOf("\\x")) {
      char octet = (char) Integer.parseInt(latin.substring(at + 2, at + 4), 16);
      latin = latin.substring(0, at) + octet + latin.substring(at + 4);
    }
    byte[] bytes = pickle(latin);
    assertThatThrownBy(() -> PickleReader.read(bytes))
        .isInstanceOf(EngineException.class)
        .hasMessageEndingWith(why);
  }

  @Test
  void nestingAndSizeAreBounded() throws Exception {
    String deepest = "N" + "\u0085".repeat(PickleReader.MAX_DEPTH - 1) + ".";
    assertThat(PickleWriter.write(PickleReader.read(pickle(deepest)))).isNotEmpty();
    assertThatThrownBy(() -> PickleReader.read(pickle("N" + "\u0085".repeat(1_000_000) + ".")))
        .hasMessageContaining("nested more than");
    byte[] many = pickle("(" + "N".repeat(PickleReader.MAX_VALUES + 1) + "t.");
    assertThatThrownBy(() -> PickleReader.read(many)).hasMessageContaining("values");
  }

  /** Each tuple holds the one before twice, so that a walk without memory would never end. */
  @Test
  void doublingsAreWalkedOnce() throws Exception {
    StringBuilder latin = new StringBuilder("N\u0085q\u0000");
    for (int i = 0; i < 100; i++) {
      latin.append("h\u0000\u0086q\u0000");
    }
    PickleValue value = PickleReader.read(pickle(latin + "."));

    assertThat(PickleWriter.write(value)).hasSizeLessThan(1_000);
    assertThat(new ModuleTree(value).of("any")).isEmpty();
  }
}
