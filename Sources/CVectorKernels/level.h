// All kernels of one level: the functions of both scalar types, compiled for the CPUs that TARGET names, and the table
// LEVEL of them. Everything but the table is private to the file that includes this.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "CVectorKernels.h"
#include "inline.h"

#ifdef TARGET
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
#endif

#include "hadamard.h"
#include "philox.h"
#include "portable.h"

#include "templates/constants_float.h"
#include "templates/kernels.h"

#include "templates/constants_double.h"
#include "templates/kernels.h"

#ifdef TARGET
#pragma clang attribute pop
#endif

const vk_level LEVEL = {.single = &vk_kernels_f, .twofold = &vk_kernels_d, .philox = vk_philox, .normals = vk_normal_pairs};
