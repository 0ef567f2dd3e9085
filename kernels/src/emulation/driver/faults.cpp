// SPDX-License-Identifier: Apache-2.0
#include "faults.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace driver {

Faults Faults::from_environment() {
  Faults faults;
  const char* words = std::getenv("SLUICE_EMULATED_DRIVER");
  std::istringstream stream(words == nullptr ? "" : words);
  for (std::string word; stream >> word;) {
    const std::string name = word.substr(0, word.find('='));
    const std::string value = word.substr(word.find('=') + 1);
    const std::string head = value.substr(0, value.find(':'));
    const int code = std::atoi(value.substr(value.find(':') + 1).c_str());
    if (name == "init") {
      faults.init = code;
    } else if (name == "cards") {
      faults.cards = code;
    } else if (name == "capability") {
      faults.capability = code;
    } else if (name == "memory") {
      faults.memory = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "allocate") {
      faults.allocate = code;
    } else if (name == "module") {
      faults.module = code;
    } else if (name == "refuse") {
      faults.refused_kernel = head;
      faults.refusal = code;
    } else if (name == "graph") {
      faults.refused_graph = std::atoi(head.c_str());
      faults.graph_refusal = code;
    } else if (name == "skip") {
      faults.skipped_kernel = value;
    } else if (name == "hang") {
      faults.hanging_launch = code;
    } else if (name == "fault") {
      faults.faulty_launch = std::atoi(head.c_str());
      faults.fault = code;
    } else {
      std::fprintf(stderr, "emulated driver: does not know %s\n", word.c_str());
      std::abort();
    }
  }
  return faults;
}

}  // namespace driver
