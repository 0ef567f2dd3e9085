// SPDX-License-Identifier: Apache-2.0
// What the processor refuses a kernel to do becomes the failure of its launch.
#include <csignal>
#include <cstring>
#include <string>

#include "block.h"
#include "emulated_cuda.h"

namespace emulation {
namespace {

void on_signal(int signal, siginfo_t* info, void*) {
  const std::string message =
      signal == SIGILL
          ? "undefined behaviour (misaligned access, or index outside of an array)"
          : std::string(strsignal(signal)) + " " + describe_address(info->si_addr);
  fail(message.c_str());
}

}  // namespace

void catch_signals() {
  // A stack of its own: the fiber's may be what has run out.
  static unsigned char stack[64 * 1024];
  stack_t alternate{};
  alternate.ss_sp = stack;
  alternate.ss_size = sizeof stack;
  sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE}) {
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace emulation
