// SPDX-License-Identifier: Apache-2.0
#include "shadow.h"

namespace emulation {

void Shadow::Page::divide_to(size_t smaller) {
  std::vector<Cell> parts(kPageBytes / smaller);
  for (size_t i = 0; i < parts.size() && !cells.empty(); i++) {
    parts[i] = cells[i * smaller / grain];
  }
  cells = std::move(parts);
  grain = smaller;
}

void Shadow::forget() {
  for (Page& page : pages_) {
    std::fill(page.cells.begin(), page.cells.end(), Cell{});
  }
}

}  // namespace emulation
