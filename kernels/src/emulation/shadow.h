// SPDX-License-Identifier: Apache-2.0
// Beside each piece of memory: who touched which of its bytes last.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace emulation {

// What is remembered of bytes that were always touched together. Times are those of races.cpp, 0 is
// before all; places are where the code stands.
struct Cell {
  uint32_t written_at;
  uint32_t written_from;
  uint32_t writing_block;
  uint32_t read_at;  // by the last reader
  uint32_t read_from;
  uint32_t reading_block;  // the first of the launch
  uint16_t writer;
  // Of those who read since: two threads, of two warps where there were several; else equal.
  uint16_t readers[2];
  uint16_t products;  // that are under way and read here
};

// Cells are as large as the accesses to their page allow, so that memory read in vectors costs a
// cell per vector, and memory written byte by byte is told apart byte by byte.
class Shadow {
 public:
  explicit Shadow(size_t bytes) : pages_((bytes + kPageBytes - 1) / kPageBytes) {}

  // Calls visit(cell) for every cell of those bytes; the cells cover no others.
  template <class VISIT>
  void each(size_t from, size_t bytes, VISIT visit) {
    while (bytes > 0) {
      Page& page = pages_[from / kPageBytes];
      const size_t at = from % kPageBytes;
      const size_t count = std::min(bytes, kPageBytes - at);
      page.divide(at | count);
      const size_t end = (at + count) / page.grain;
      for (size_t i = at / page.grain; i < end; i++) {
        visit(page.cells[i]);
      }
      from += count;
      bytes -= count;
    }
  }

  // As if nobody had touched anything.
  void forget();

 private:
  static constexpr size_t kPageBytes = 4096;

  struct Page {
    size_t grain = 16;
    std::vector<Cell> cells;  // none before the first access

    // Makes cells small enough for an access that begins and ends at multiples of `extent`'s lowest
    // bit.
    void divide(size_t extent) {
      const size_t wanted = extent & (~extent + 1);
      if (wanted < grain || cells.empty()) {
        divide_to(std::min(wanted, grain));
      }
    }
    void divide_to(size_t smaller);
  };

  std::vector<Page> pages_;
};

}  // namespace emulation
