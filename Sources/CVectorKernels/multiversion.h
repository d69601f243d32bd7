// Three versions of a function, of which the loader picks the best that the CPU runs.
#pragma once

#include <string.h>

// Helpers must be inlined: only so are they compiled for the version that calls them.
#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

#include <stdbool.h>

// Whether there are 32 registers of 64 bytes.
INLINE bool vk_has_many_registers(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v4");
#else
  return false;
#endif
}
