// SPDX-License-Identifier: Apache-2.0
// libcuda.so.1 without a card: streams, events, copies, launches and graphs.
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "entry.h"

using driver::Argument;
using driver::Entry;
using driver::Launch;
using driver::world;

namespace {

std::vector<Argument> read_arguments(const std::string& kinds, void** parameters) {
  std::vector<Argument> arguments;
  for (size_t i = 0; i < kinds.size(); i++) {
    Argument argument{kinds[i], 0};
    std::memcpy(&argument.bits, parameters[i], kinds[i] == 'p' ? 8 : 4);
    arguments.push_back(argument);
  }
  return arguments;
}

// What a card would say where the emulation explains.
CUresult fault_of(const std::string& explanation) {
  if (explanation.find("of a device buffer") != std::string::npos ||
      explanation.find("far from any buffer") != std::string::npos ||
      explanation.find("beside a buffer") != std::string::npos) {
    return kIllegalAddress;
  }
  return explanation.find("misaligned") != std::string::npos ? kMisalignedAddress : kLaunchFailed;
}

CUresult run_launch(const Launch& launch) {
  const driver::Faults& faults = world().faults;
  if (++world().launches == faults.faulty_launch) {
    return static_cast<CUresult>(faults.fault);
  }
  while (world().launches == faults.hanging_launch) {
    pause();
  }
  if (launch.kernel == faults.skipped_kernel) {
    return kSuccess;
  }
  if (faults.capability != 90 && launch.kernel.find("_wg") != std::string::npos) {
    return kLaunchFailed;  // Hopper's products trap elsewhere
  }
  const std::string explanation = world().card->launch(launch);
  if (explanation.find("a race") != std::string::npos) {
    std::fprintf(stderr, "emulated driver: %s\n", explanation.c_str());  // no card would say so
  }
  return explanation.empty() ? kSuccess : fault_of(explanation);
}

}  // namespace

extern "C" {

CUresult cuStreamCreate(CUstream* stream, unsigned) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  *stream = entry->streams.add(std::make_unique<Stream>());
  return kSuccess;
}

CUresult cuStreamDestroy_v2(CUstream stream) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  const CUresult result = entry->run(stream, stream->given);
  entry->streams.remove(stream);
  return result;
}

CUresult cuStreamSynchronize(CUstream stream) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  return stream->capture != nullptr ? kCaptureUnsupported : entry->run(stream, stream->given);
}

CUresult cuEventCreate(CUevent* event, unsigned flags) {
  constexpr unsigned kDisableTiming = 2;
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  *event = entry->events.add(std::make_unique<Event>());
  (*event)->timed = (flags & kDisableTiming) == 0;
  return kSuccess;
}

CUresult cuEventDestroy_v2(CUevent event) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  return entry->events.remove(event) ? kSuccess : kInvalidHandle;
}

CUresult cuEventRecord(CUevent event, CUstream stream) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->events.has(event) || !entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (stream->capture != nullptr) {
    return kNotSupported;
  }
  const auto reached = std::make_shared<uint64_t>(0);
  entry->give(stream, [reached] {
    *reached = world().works;
    return kSuccess;
  });
  event->stream = stream;
  event->position = stream->given;
  event->reached = reached;
  return kSuccess;
}

CUresult cuEventSynchronize(CUevent event) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->events.has(event)) {
    return kInvalidHandle;
  }
  return event->stream == nullptr ? kSuccess : entry->run(event->stream, event->position);
}

// Every work takes a microsecond, whatever it is.
CUresult cuEventElapsedTime(float* milliseconds, CUevent from, CUevent to) {
  constexpr float kWorkMilliseconds = 0.001f;
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  for (CUevent event : {from, to}) {
    if (!entry->events.has(event) || !event->timed || event->reached == nullptr) {
      return kInvalidHandle;
    }
    if (*event->reached == 0) {
      return kNotReady;
    }
  }
  const auto works = static_cast<int64_t>(*to->reached - *from->reached);
  *milliseconds = static_cast<float>(works) * kWorkMilliseconds;
  return kSuccess;
}

CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->events.has(event) || !entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (event->stream == nullptr) {
    return kSuccess;
  }
  const Event mark = *event;
  return entry->give(stream, [mark] { return world().run(mark.stream, mark.position); });
}

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t count, CUstream stream) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (!entry->is_pinned(from, count)) {
    return kInvalidValue;
  }
  return entry->give(stream, [to, from, count] {
    return world().card->write(to, from, count).empty() ? kSuccess : kIllegalAddress;
  });
}

CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t count, CUstream stream) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (!entry->is_pinned(to, count)) {
    return kInvalidValue;
  }
  return entry->give(stream, [to, from, count] {
    return world().card->read(from, to, count).empty() ? kSuccess : kIllegalAddress;
  });
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t count, CUstream stream) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  return entry->give(stream, [to, from, count] {
    std::vector<char> bytes(count);
    const bool copied = world().card->read(from, bytes.data(), count).empty() &&
                        world().card->write(to, bytes.data(), count).empty();
    return copied ? kSuccess : kIllegalAddress;
  });
}

CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                        unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                        CUstream stream, void** parameters, void** extra) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->functions.has(function) || !entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (parameters == nullptr || extra != nullptr ||
      static_cast<int>(shared_bytes) > function->shared_bytes) {
    return kInvalidValue;
  }
  if (function->name == entry->faults.refused_kernel) {
    return static_cast<CUresult>(entry->faults.refusal);
  }
  const Launch launch{
      function->name,
      {static_cast<int32_t>(grid_x), static_cast<int32_t>(grid_y), static_cast<int32_t>(grid_z)},
      {static_cast<int32_t>(block_x), static_cast<int32_t>(block_y), static_cast<int32_t>(block_z)},
      static_cast<int32_t>(shared_bytes),
      read_arguments(function->kinds, parameters)};
  return entry->give(stream, [launch] { return run_launch(launch); });
}

CUresult cuStreamBeginCapture_v2(CUstream stream, int) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (stream->capture != nullptr) {
    return kIllegalState;
  }
  stream->capture = std::make_unique<Graph>();
  return kSuccess;
}

CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (stream->capture == nullptr) {
    return kIllegalState;
  }
  *graph = entry->graphs.add(std::move(stream->capture));
  return kSuccess;
}

CUresult cuGraphInstantiateWithFlags(CUgraphExec* executable, CUgraph graph, unsigned long long) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->graphs.has(graph)) {
    return kInvalidHandle;
  }
  auto made = std::make_unique<ExecutableGraph>();
  made->work = graph->work;
  *executable = entry->executable_graphs.add(std::move(made));
  return kSuccess;
}

CUresult cuGraphDestroy(CUgraph graph) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  return entry->graphs.remove(graph) ? kSuccess : kInvalidHandle;
}

CUresult cuGraphExecDestroy(CUgraphExec graph) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  return entry->executable_graphs.remove(graph) ? kSuccess : kInvalidHandle;
}

CUresult cuGraphLaunch(CUgraphExec graph, CUstream stream) {
  Entry entry;
  if (!entry.open()) {
    return entry.refusal();
  }
  if (!entry->executable_graphs.has(graph) || !entry->streams.has(stream)) {
    return kInvalidHandle;
  }
  if (++entry->graph_launches == entry->faults.refused_graph) {
    return static_cast<CUresult>(entry->faults.graph_refusal);
  }
  for (const Work& work : graph->work) {
    entry->give(stream, work);
  }
  return kSuccess;
}

}  // extern "C"
