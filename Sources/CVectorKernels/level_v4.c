// The kernels for CPUs with AVX-512.

#if defined(__x86_64__)
#define LEVEL vk_level_v4
#define TARGET "arch=x86-64-v4,tune=x86-64"
#define VECTOR_BYTES 64
#define MANY_REGISTERS 1
#include "level.h"
#endif
