// SPDX-License-Identifier: Apache-2.0
#include "world.h"

namespace driver {

World& world() {
  // Never destroyed: threads of the host may still call while the process ends.
  static World& only = *new World;
  return only;
}

CUresult World::give(Stream* stream, Work work) {
  if (stream->capture != nullptr) {
    stream->capture->work.push_back(std::move(work));
  } else {
    stream->queue.push_back(std::move(work));
    stream->given++;
  }
  return kSuccess;
}

CUresult World::run(Stream* stream, uint64_t position) {
  // What waits for another stream comes back here for that one, or is itself destroyed meanwhile.
  while (broken == kSuccess && streams.has(stream) && stream->done < position) {
    const Work work = std::move(stream->queue.front());
    stream->queue.pop_front();
    stream->done++;
    works++;
    const CUresult result = work();
    if (broken == kSuccess) {
      broken = result;
    }
  }
  return broken;
}

CUresult World::run_all() {
  streams.each([this](Stream* stream) { run(stream, stream->given); });
  return broken;
}

bool World::capturing() const {
  bool found = false;
  const_cast<Handles<Stream>&>(streams).each(
      [&found](Stream* stream) { found = found || stream->capture != nullptr; });
  return found;
}

bool World::is_pinned(const void* from, size_t count) const {
  const auto* first = static_cast<const char*>(from);
  for (const auto& [start, bytes] : pinned) {
    if (first >= start && first <= start + bytes &&
        count <= static_cast<size_t>(start + bytes - first)) {
      return true;
    }
  }
  return false;
}

std::string World::leaks() const {
  std::string text;
  auto add = [&text](size_t count, const char* what) {
    if (count > 0) {
      text += " " + std::to_string(count) + " " + what;
    }
  };
  add(buffers.size(), "buffers");
  add(pinned.size(), "pinned buffers");
  add(modules.size(), "modules");
  add(streams.size(), "streams");
  add(events.size(), "events");
  add(graphs.size(), "graphs");
  add(executable_graphs.size(), "executable graphs");
  return text;
}

}  // namespace driver
