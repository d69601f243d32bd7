// The kernels for CPUs with AVX2 and FMA.

#if defined(__x86_64__)
#define LEVEL vk_level_v3
#define TARGET "arch=x86-64-v3"
#define VECTOR_BYTES 32
#define MANY_REGISTERS 0
#include "level.h"
#endif
