// All kernels for one scalar type, whose constants come before, and the table of them.

#include "functions.h"

#include "vectors.h"

#include "elementwise.h"

#include "reductions.h"

#include "moments.h"

#include "preconditioners.h"

#include "combinations.h"

#include "convolutions.h"

#include "products.h"

#include "pooling.h"

#include "sketches.h"

static const vk_kernels NAME(kernels) = {
#define VK_KERNEL(result, name, ...) .name = NAME(name),
#include "../include/kernel_list.h"
#undef VK_KERNEL
};
