// SPDX-License-Identifier: Apache-2.0
// The part of the CUDA driver API that the launcher uses, so that no CUDA toolkit is needed here.
// Handles are opaque to callers; codes are those of the real driver.
#pragma once

#include <cstddef>
#include <cstdint>

using CUdevice = int;
using CUdeviceptr = unsigned long long;

enum CUresult : int {
  kSuccess = 0,
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kNotInitialized = 3,
  kInvalidDevice = 101,
  kInvalidImage = 200,
  kInvalidContext = 201,
  kInvalidHandle = 400,
  kNotFound = 500,
  kNotReady = 600,
  kIllegalAddress = 700,
  kMisalignedAddress = 716,
  kLaunchFailed = 719,
  kNotSupported = 801,
  kCaptureUnsupported = 900,
  kIllegalState = 401,
};

struct Context;
struct Module;
struct Function;
struct Stream;
struct Event;
struct Graph;
struct ExecutableGraph;

using CUcontext = Context*;
using CUmodule = Module*;
using CUfunction = Function*;
using CUstream = Stream*;
using CUevent = Event*;
using CUgraph = Graph*;
using CUgraphExec = ExecutableGraph*;
