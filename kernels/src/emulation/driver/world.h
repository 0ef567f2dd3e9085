// SPDX-License-Identifier: Apache-2.0
// What the driver knows. One lock for all of it, taken by each call.
//
// Streams are as late as they may be: what they are given happens when somebody waits for it, and
// not before. A host that reads, changes or frees what a stream has not come to is found out.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "api.h"
#include "card.h"
#include "faults.h"

// Does one thing on the card.
using Work = std::function<CUresult()>;

struct Context {};
struct Module {};

struct Function {
  std::string name;
  std::string kinds;
  int shared_bytes = 48 << 10;
};

struct Graph {
  std::vector<Work> work;
};

struct ExecutableGraph {
  std::vector<Work> work;
};

struct Stream {
  std::deque<Work> queue;
  uint64_t given = 0;
  uint64_t done = 0;
  std::unique_ptr<Graph> capture;
};

// When a stream came to a mark: works done by then, of all streams. 0: it has not.
using Moment = std::shared_ptr<uint64_t>;

struct Event {
  bool timed = false;
  Stream* stream = nullptr;  // null: never set
  uint64_t position = 0;
  Moment reached = nullptr;
};

namespace driver {

// Handles that are valid; deletes what they stand for.
template <class THING>
class Handles {
 public:
  THING* add(std::unique_ptr<THING> thing) {
    THING* handle = thing.get();
    things_.emplace(handle, std::move(thing));
    return handle;
  }
  bool has(THING* handle) const { return things_.count(handle) == 1; }
  bool remove(THING* handle) { return things_.erase(handle) == 1; }
  size_t size() const { return things_.size(); }
  template <class ACTION>
  void each(ACTION action) {
    for (auto& [handle, thing] : things_) {
      action(handle);
    }
  }

 private:
  std::map<THING*, std::unique_ptr<THING>> things_;
};

struct World {
  std::mutex lock;
  const Faults faults = Faults::from_environment();
  bool initialized = false;
  int retained = 0;
  Context context;
  CUresult broken = kSuccess;  // what every call answers from now on
  int launches = 0;
  int graph_launches = 0;
  uint64_t works = 0;
  uint64_t used = 0;
  std::unique_ptr<Card> card;
  std::map<CUdeviceptr, uint64_t> buffers;
  std::map<char*, size_t> pinned;
  Handles<Module> modules;
  Handles<Function> functions;
  Handles<Stream> streams;
  Handles<Event> events;
  Handles<Graph> graphs;
  Handles<ExecutableGraph> executable_graphs;

  // Gives the stream, or the graph that it is captured into, something to do.
  CUresult give(Stream* stream, Work work);
  // Does what the stream was given up to there. A failure breaks the context.
  CUresult run(Stream* stream, uint64_t position);
  CUresult run_all();
  bool capturing() const;
  bool is_pinned(const void* from, size_t count) const;
  // What was never given back, in words; empty if all was.
  std::string leaks() const;
};

World& world();

}  // namespace driver
