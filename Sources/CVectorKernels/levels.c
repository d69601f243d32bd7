// Which levels there are, and what the CPU can do.

#include <string.h>

#include "CVectorKernels.h"

extern const vk_level vk_level_baseline, vk_level_v3, vk_level_v4;

const vk_level *vk_level_named(const char *name) {
#if defined(__x86_64__)
  if (strcmp(name, "v3") == 0) return &vk_level_v3;
  if (strcmp(name, "v4") == 0) return &vk_level_v4;
#endif
  return strcmp(name, "baseline") == 0 ? &vk_level_baseline : NULL;
}

int vk_cpu_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 5;
  if (__builtin_cpu_supports("x86-64-v3")) return 4;
  if (__builtin_cpu_supports("avx")) return 3;
  if (__builtin_cpu_supports("x86-64-v2")) return 2;
  return 1;
#else
  return 0;
#endif
}
