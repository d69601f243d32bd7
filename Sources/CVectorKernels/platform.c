// What the bits depend on besides the sources: the version of the kernels in use, and the C library.

#include "CVectorKernels.h"

#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#endif

const char *vk_level(void) {
#if defined(__x86_64__)
  // The very features by which the loader chooses among the versions that MULTIVERSIONED makes.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
  if (__builtin_cpu_supports("x86-64-v3")) return "x86-64-v3";
#endif
  return "baseline";
}

const char *vk_c_library(void) {
#if defined(__GLIBC__)
  return gnu_get_libc_version();
#else
  return "";
#endif
}
