// SPDX-License-Identifier: Apache-2.0
// What is to go wrong: words in the environment variable SLUICE_EMULATED_DRIVER, one blank between.
//
//   init=CODE            cuInit answers it
//   cards=N              how many there are (1)
//   capability=N         times ten (90)
//   memory=BYTES         of the card (256 MiB)
//   allocate=CODE        asking for memory answers it
//   module=CODE          loading a module answers it
//   refuse=KERNEL:CODE   launching that kernel answers it at once
//   graph=K:CODE         the K-th launch of a graph, from 1, answers it at once
//   skip=KERNEL          that kernel does nothing, and nobody says so
//   fault=K:CODE         the K-th kernel that runs, from 1, breaks the context with it
//   hang=K               the K-th kernel that runs, from 1, never ends
#pragma once

#include <cstdint>
#include <string>

namespace driver {

struct Faults {
  int init = 0;
  int cards = 1;
  int capability = 90;
  uint64_t memory = 256 << 20;
  int allocate = 0;
  int module = 0;
  std::string refused_kernel;
  int refusal = 0;
  int refused_graph = 0;
  int graph_refusal = 0;
  std::string skipped_kernel;
  int faulty_launch = 0;
  int fault = 0;
  int hanging_launch = 0;

  static Faults from_environment();
};

}  // namespace driver
