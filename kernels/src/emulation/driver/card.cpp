// SPDX-License-Identifier: Apache-2.0
#include "card.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern char** environ;

namespace driver {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "emulated driver: %s\n", what);
  std::abort();
}

std::string program() {
  Dl_info here;
  if (dladdr(reinterpret_cast<void*>(&program), &here) == 0) {
    give_up("does not know where it lies");
  }
  const std::string path = here.dli_fname;
  return path.substr(0, path.rfind('/') + 1) + "emulate-80";
}

void write_all(int to, const void* from, size_t count) {
  const auto* at = static_cast<const char*>(from);
  while (count > 0) {
    const ssize_t written = ::write(to, at, count);
    if (written <= 0) {
      give_up("the card's process has gone");
    }
    at += written;
    count -= static_cast<size_t>(written);
  }
}

void read_all(int from, void* to, size_t count) {
  auto* at = static_cast<char*>(to);
  while (count > 0) {
    const ssize_t got = ::read(from, at, count);
    if (got <= 0) {
      give_up("the card's process has gone");
    }
    at += got;
    count -= static_cast<size_t>(got);
  }
}

// A command before it is sent.
class Command {
 public:
  explicit Command(char code) : bytes_(1, code) {}
  template <class NUMBER>
  Command& add(NUMBER number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Command& add_text(const std::string& text) {
    add(static_cast<int32_t>(text.size()));
    bytes_ += text;
    return *this;
  }
  void send(int to) const { write_all(to, bytes_.data(), bytes_.size()); }

 private:
  std::string bytes_;
};

std::string read_text(int from) {
  int32_t length;
  read_all(from, &length, sizeof length);
  std::string text(static_cast<size_t>(length), '\0');
  read_all(from, text.data(), text.size());
  return text;
}

}  // namespace

Card::Card() {
  int to_card[2], from_card[2];
  if (pipe2(to_card, O_CLOEXEC) != 0 || pipe2(from_card, O_CLOEXEC) != 0) {
    give_up("no pipes");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_card[0], 0);
  posix_spawn_file_actions_adddup2(&actions, from_card[1], 1);
  const std::string path = program();
  char* arguments[] = {const_cast<char*>(path.c_str()), nullptr};
  pid_t child;
  if (posix_spawn(&child, path.c_str(), &actions, nullptr, arguments, environ) != 0) {
    give_up("cannot start emulate-80");
  }
  posix_spawn_file_actions_destroy(&actions);
  close(to_card[0]);
  close(from_card[1]);
  commands_ = to_card[1];
  answers_ = from_card[0];
}

std::string Card::answer() {
  char failed;
  read_all(answers_, &failed, 1);
  return failed == 0 ? "" : read_text(answers_);
}

uint64_t Card::allocate(uint64_t bytes) {
  Command('A').add(bytes).send(commands_);
  uint64_t address = 0;
  if (answer().empty()) {
    read_all(answers_, &address, sizeof address);
  }
  return address;
}

std::string Card::release(uint64_t address) {
  Command('F').add(address).send(commands_);
  return answer();
}

std::string Card::write(uint64_t address, const void* from, uint64_t count) {
  Command('W').add(address).add(count).send(commands_);
  write_all(commands_, from, count);
  return answer();
}

std::string Card::read(uint64_t address, void* to, uint64_t count) {
  Command('R').add(address).add(count).send(commands_);
  std::string error = answer();
  if (error.empty()) {
    read_all(answers_, to, count);
  }
  return error;
}

std::string Card::launch(const Launch& launch) {
  Command command('L');
  command.add_text(launch.kernel);
  for (int32_t size : launch.grid) {
    command.add(size);
  }
  for (int32_t size : launch.block) {
    command.add(size);
  }
  command.add(launch.shared_bytes).add(int32_t{0});
  command.add(static_cast<int32_t>(launch.arguments.size()));
  for (const Argument& argument : launch.arguments) {
    command.add(argument.kind).add(argument.bits);
  }
  command.send(commands_);
  return answer();
}

bool Card::find(const std::string& kernel, std::string& kinds) {
  Command('K').add_text(kernel).send(commands_);
  if (!answer().empty()) {
    return false;
  }
  kinds = read_text(answers_);
  return true;
}

}  // namespace driver
