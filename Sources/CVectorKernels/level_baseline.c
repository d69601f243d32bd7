// The kernels for every CPU of the architecture.

#define LEVEL vk_level_baseline
#define VECTOR_BYTES 16
#define MANY_REGISTERS 0
#include "level.h"
